import type { ComparisonRow, RunComparison } from './compare-runs.ts';

/** What a user asks of every comparison. */
export const REQUIREMENTS = ['better', 'not-worse'] as const;

/** What a user asks of every comparison; `margin` in the metric's unit (shares between 0 and 1). */
export interface Requirement {
  readonly require: (typeof REQUIREMENTS)[number];
  readonly margin?: number;
}

/**
 * The rows that do not meet a requirement. `better`: the corrected p is under 0.05 and the whole interval lies above the margin (0 unless said otherwise). `not-worse` with
 * a margin: the whole interval lies above minus the margin (non-inferiority); without one: the first is not shown to be worse, by a corrected p under 0.05.
 */
export function unmetRows({ rows, higherIsBetter }: RunComparison, { require, margin }: Requirement): ComparisonRow[] {
  return rows.filter(({ difference, interval, correctedP }) => {
    const gain = higherIsBetter ? difference.mean : -difference.mean;
    const least = interval ? (higherIsBetter ? interval.low : -interval.high) : -Infinity;
    if (require === 'better') return !(correctedP < 0.05 && least > (margin ?? 0));
    return margin === undefined ? correctedP < 0.05 && gain < 0 : !(least > -margin);
  });
}
