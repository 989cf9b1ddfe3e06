import type { PublishedReport } from './published-report.ts';

/** A site of reports, as its pages are made from it. */
export interface Site {
  readonly title: string;
  readonly reports: readonly PublishedReport[];
  /** The metric of the leaderboard as it is first seen, and of the trends. */
  readonly metric: string;
  /** The nominal ratio of the leaderboard as it is first seen. */
  readonly ratio?: string;
  /** Address of the site, ending in a slash. */
  readonly baseUrl?: string;
  /** Address of the licence. */
  readonly license?: string;
}
