import type { Share } from '../charts/quality-chart.ts';
import { countedSeeds, modelsOf, scoreOf, type ReportRow } from '../report-row.ts';

const FAILED = '† with failures, see the tables';

/** A row's name in charts, marked where questions failed. */
export function chartLabel({ label, scores }: ReportRow): string {
  return scores.failures > 0 ? `${label} †` : label;
}

/** What was scored, then the kind of interval, then what the mark of failed rows means, if there are any. */
export function chartSubtitle(rows: readonly ReportRow[], intervals: string): string {
  const failed = rows.some(({ scores }) => scores.failures > 0) ? [FAILED] : [];
  return [`${modelsOf(rows).join(', ') || 'no model'}, n = ${questionCounts(rows)}`, intervals, ...failed].join('; ');
}

/** Questions scored of one seed, `100`, or `97 to 100` where rows differ; `100 × 3 seeds` where a row has several, and `up to 3 seeds` where another has fewer. */
export function questionCounts(rows: readonly ReportRow[]): string {
  const questions = span(rows.flatMap(({ seeds }) => seeds.map(({ scores }) => scores.scored)));
  const seeds = span(rows.map(countedSeeds));
  if (seeds.high === 1) return textOf(questions);
  return `${textOf(questions)} × ${seeds.low === seeds.high ? '' : 'up to '}${seeds.high} seeds`;
}

function span(values: readonly number[]): { low: number; high: number } {
  return { low: Math.min(...values), high: Math.max(...values) };
}

function textOf({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? String(low) : `${low} to ${high}`;
}

/** A share and its interval in percent. */
export function shareOf(row: ReportRow, metric: string): Share | undefined {
  const score = scoreOf(row, metric);
  if (!score) return undefined;
  const { value, low, high } = score;
  return { value: 100 * value, low: 100 * (low ?? value), high: 100 * (high ?? value) };
}
