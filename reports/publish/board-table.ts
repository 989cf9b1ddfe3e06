import { metricHeading } from '../metric-heading.ts';
import type { BoardReport, BoardScore } from './board.ts';
import { ratioName, type Standing } from './rank-board.ts';

/** A cell of a site's table: a text, or links. Texts are plain: each page escapes them. */
export interface SiteCell {
  readonly text?: string;
  readonly links?: readonly BoardReport[];
  readonly mark?: 'leader' | 'tied';
}

/** A column: `number` stands at the right, `whole` in one line, `wide` has many words. */
export interface SiteColumn {
  readonly label: string;
  readonly kind?: 'number' | 'whole' | 'wide';
}

/** A table of a site; the cell of `header` names its row. */
export interface SiteTable {
  readonly caption: string;
  readonly header: number;
  readonly columns: readonly SiteColumn[];
  readonly rows: readonly (readonly SiteCell[])[];
}

/** A leaderboard as a table. */
export function boardTable(
  caption: string,
  metric: string,
  standings: readonly Standing[],
  reports: readonly BoardReport[],
): SiteTable {
  return {
    caption,
    header: 1,
    columns: [
      { label: 'Rank', kind: 'number' },
      { label: 'System' },
      { label: `${metricHeading(metric)}, % [95 % interval]`, kind: 'number' },
      { label: 'n', kind: 'number' },
      { label: 'Against the leader', kind: 'wide' },
      { label: 'Nominal ratio', kind: 'number' },
      { label: 'Measured ratio', kind: 'number' },
      { label: 'Model' },
      { label: 'Seeds', kind: 'number' },
      { label: 'Run on', kind: 'whole' },
      { label: 'Report', kind: 'wide' },
    ],
    rows: standings.map(({ row, score, rank, tied, verdict }) => {
      const mark = tied ? 'tied' : rank === 1 ? 'leader' : undefined;
      return [
        { text: rank === null ? '–' : `${rank}${tied ? '=' : ''}`, mark },
        { text: row.label },
        { text: scoreText(score) },
        { text: score.n.toLocaleString('en-US') },
        { text: verdict },
        { text: row.ratio === null ? '–' : ratioName(row.ratio) },
        { text: row.measuredRatio === null ? '–' : `${row.measuredRatio.toFixed(2)}×` },
        { text: row.model },
        { text: String(row.seeds) },
        { text: dayOf(row.finishedAt) },
        { links: row.reports.map((at) => reports[at]!) },
      ];
    }),
  };
}

/** A share in percent with its interval. */
export function scoreText({ value, low, high }: BoardScore): string {
  const [share, ...ends] = [value, ...(low === null || high === null ? [] : [low, high])].map((part) => (100 * part).toFixed(1)); // prettier-ignore
  return ends.length > 0 ? `${share} [${ends.join(', ')}]` : share!;
}

/** The day of a time, both in UTC. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}
