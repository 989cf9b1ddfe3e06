import type { ScoreRow } from '../harness/scoring/tally.ts';
import type { Picture } from './charts/render-chart.ts';
import type { Block, Cell } from './document.ts';
import { countedSeeds, scoreOf, type ReportRow } from './report-row.ts';

const NONE: Cell = { text: '–' };

/** A share in percent with its interval, `23.0 [15.8, 32.2]`, over several seeds with their standard deviation, `23.0 ± 2.1 [15.8, 32.2]`; marked where it is the best or tied with it; a dash where there is none. */
export function shareCell(row: ReportRow, metric: string, rank?: Cell['rank']): Cell {
  const score = scoreOf(row, metric);
  if (!score) return NONE;
  const { value, low, high, n, deviation } = score;
  return {
    text: [percent(value), deviation === null ? '' : `± ${percent(deviation)}`, interval(score, percent)]
      .filter(Boolean)
      .join(' '),
    value: 100 * value,
    ...(low !== null && high !== null && { low: 100 * low, high: 100 * high }),
    n,
    ...(rank && { rank }),
  };
}

/** A mean without its interval, with so many decimals; a dash where there is none. */
export function meanCell(row: ReportRow, metric: string, digits: number): Cell {
  const score = scoreOf(row, metric);
  return score ? numberCell(score.value, digits) : NONE;
}

/** A number with thousands apart and so many decimals. */
export function numberCell(value: number, digits: number): Cell {
  const text = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return { text, value };
}

/** A ratio as `3.94×`; a dash where there is none. */
export function ratioCell(ratio: number | null): Cell {
  return ratio === null ? NONE : { text: `${ratio.toFixed(2)}×`, value: ratio };
}

/** Questions scored, `250`, or `250 × 3` of three seeds; with a mark and the number of failures where there are any. */
export function scoredCell(row: ReportRow): Cell {
  const [{ scored }, seeds] = [row.scores, countedSeeds(row)];
  const text = seeds > 1 && scored % seeds === 0 ? `${scored / seeds} × ${seeds}` : String(scored);
  return withFailures({ text, value: scored }, row);
}

/** The name of a row, marked where questions failed. */
export function nameCell(row: ReportRow): Cell {
  return withFailures({ text: row.label }, row, '');
}

/** A cell of a row, with a mark and the number of failures where there are any. */
export function withFailures(cell: Cell, { scores }: ReportRow, number = String(scores.failures)): Cell {
  return scores.failures > 0 ? { ...cell, text: `${cell.text} †${number}`, mark: 'failed' } : cell;
}

/** Pictures as a block of a section; none where there are none. */
export function picturesBlock(pictures: readonly Picture[]): Block[] {
  return pictures.length > 0 ? [{ kind: 'pictures', pictures }] : [];
}

/** What the signs ± and † mean in a table with shares of these rows, where they stand in any. */
export function rowNotes(rows: readonly ReportRow[]): string[] {
  const severalSeeds = rows.some(({ seeds }) => seeds.length > 1);
  return [
    ...(severalSeeds
      ? ['±: standard deviation over training seeds; 0.0 also where nothing depends on the seed (see Training seeds).']
      : []),
    ...failureNotes(rows),
  ];
}

/** What the mark † means for these rows; nothing where no question failed. */
export function failureNotes(rows: readonly ReportRow[]): string[] {
  const failed = rows.filter(({ scores }) => scores.failures > 0);
  if (failed.length === 0) return [];
  const told = failed.map(
    (row) => `${row.label} on ${row.benchmark}: ${row.scores.failures} of ${row.scores.questions * countedSeeds(row)}`,
  );
  return [
    `† Questions that the system could not answer (recorded failures) are not scored, neither as right nor as wrong: the figures are over the questions that were answered and cannot be compared with rows without failures. ${told.join('; ')}.`,
  ];
}

/** A share in percent with one decimal, without the sign. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function interval({ low, high }: ScoreRow, format: (value: number) => string): string {
  return low === null || high === null ? '' : `[${format(low)}, ${format(high)}]`;
}
