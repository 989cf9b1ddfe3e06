import type { Interval } from './interval.ts';
import type { RunningMean } from './running-mean.ts';
import { studentT95 } from './student-t.ts';

/** A ratio of two means and its 95 % interval. */
export interface RatioOfMeans {
  readonly ratio: number;
  /** Null where one of the means has under two values. */
  readonly interval: Interval | null;
}

/**
 * `one` over `other`, two means above 0 of values that were measured apart from each other. The interval is the delta method's on the ratio's logarithm, whose standard error is
 * the root of the sum of the squared relative errors, with Student's t at Welch's degrees of freedom (1947), rounded down.
 */
export function ratioOfMeans(one: RunningMean, other: RunningMean): RatioOfMeans {
  const ratio = one.mean / other.mean;
  const [first, second] = [relativeVariance(one), relativeVariance(other)];
  if (first === null || second === null) return { ratio, interval: null };
  const variance = first + second;
  if (variance === 0) return { ratio, interval: { low: ratio, high: ratio } };
  const freedom = variance ** 2 / (first ** 2 / (one.n - 1) + second ** 2 / (other.n - 1));
  const factor = Math.exp(studentT95(Math.max(1, Math.floor(freedom))) * Math.sqrt(variance));
  return { ratio, interval: { low: ratio / factor, high: ratio * factor } };
}

function relativeVariance(mean: RunningMean): number | null {
  const error = mean.standardError;
  return error === null ? null : (error / mean.mean) ** 2;
}
