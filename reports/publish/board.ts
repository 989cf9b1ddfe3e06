/** A score of a row by a metric, as reports give it. */
export interface BoardScore {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** A system on a board, in whichever reports it stands: its run, or its runs of several training seeds. */
export interface BoardRow {
  readonly system: string;
  readonly label: string;
  readonly model: string;
  /** Nominal ratio; null for a system that has none. */
  readonly ratio: number | null;
  readonly measuredRatio: number | null;
  readonly seeds: number;
  readonly questions: number;
  /** Answers that failed, of all seeds. */
  readonly failures: number;
  readonly scores: Readonly<Record<string, BoardScore>>;
  /** Indexes of the reports that it stands in. */
  readonly reports: readonly number[];
  /** When its last question was answered, ISO 8601; the newest where it was run several times with the same answers. */
  readonly finishedAt: string;
}

/** A paired comparison of two rows from a report in which both stand: `one` - `other`, as shares. */
export interface BoardPair {
  /** Indexes of rows. */
  readonly one: number;
  readonly other: number;
  readonly metric: string;
  readonly difference: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Corrected by Holm over the report's differences; null for a metric that the report has no test of. */
  readonly p: number | null;
}

/** A metric that a board can be sorted by. */
export interface BoardMetric {
  readonly id: string;
  readonly description: string;
}

/** Rows that may be compared: the same questions, the same words and the same scorer. */
export interface Board {
  /** Name of its file of data. */
  readonly name: string;
  /** The benchmark, told apart from other boards of its name. */
  readonly label: string;
  /** What its rows share, in words. */
  readonly shared: string;
  readonly metrics: readonly BoardMetric[];
  readonly rows: readonly BoardRow[];
  readonly pairs: readonly BoardPair[];
}

/** A report as rows link to it. */
export interface BoardReport {
  readonly title: string;
  readonly href: string;
}

/** What the leaderboard's script is given. */
export interface LeaderboardData {
  readonly metric: string;
  readonly ratio?: string;
  readonly reports: readonly BoardReport[];
  readonly boards: readonly Pick<Board, 'name' | 'label'>[];
}
