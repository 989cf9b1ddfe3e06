import type { Run } from '../find-runs.ts';
import type { ReadRun } from '../report-row.ts';

/** A run whose files could be scored, as checks look at it. */
export interface CheckedRun extends Run, ReadRun {
  /** How messages call it: system, settings, benchmark, key. */
  readonly name: string;
  /** Gold passages of each question, in the questions' order. */
  readonly golds: readonly number[];
}

/** The same without its values question by question: what is kept of every run. */
export type RunSummary = Omit<CheckedRun, 'questions' | 'golds'>;
