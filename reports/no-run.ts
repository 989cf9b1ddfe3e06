import type { Cell } from './document.ts';
import { configurationOf } from './configuration-of.ts';
import type { FoundRuns } from './find-runs.ts';
import type { ReportRow } from './report-row.ts';

/** Why a cell has no figure, as it stands in the cell, with what it means. */
const NO_FIGURE = {
  'no run': 'not among the runs of this report',
  'not finished': 'the run has begun and has no manifest yet',
  failed: 'every question failed',
  'not measured': 'the answers do not hold what the metric needs',
} as const;

/** The cell of a row that ran and has no figure by some metric. */
export function noFigureCell({ scores }: ReportRow): Cell {
  return scores.scored === 0 ? { text: 'failed', mark: 'failed' } : { text: 'not measured' };
}

/** The cell of a configuration on a benchmark that it has no finished run on. `benchmark` is of any row of that benchmark. */
export function noRunCell(
  { manifest }: ReportRow,
  { manifest: { benchmark } }: ReportRow,
  incomplete: FoundRuns['incomplete'],
): Cell {
  const wanted = configurationOf({ ...manifest, benchmark });
  const begun = incomplete.some(({ job }) => job && configurationOf(job) === wanted);
  return { text: begun ? 'not finished' : 'no run' };
}

/** What the texts that stand in cells without a figure mean. */
export function noFigureNotes(rows: readonly (readonly Cell[])[]): string[] {
  const used = new Set(rows.flat().map(({ text }) => text));
  const told = Object.entries(NO_FIGURE).filter(([text]) => used.has(text));
  return told.length === 0 ? [] : [`${told.map(([text, meaning]) => `${text}: ${meaning}`).join('; ')}.`];
}
