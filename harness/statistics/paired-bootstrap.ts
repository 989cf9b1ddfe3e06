import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Interval } from './interval.ts';

/** How an interval is drawn. */
interface BootstrapOptions {
  readonly draws?: number;
  readonly seed?: number;
}

/**
 * 95 % percentile interval (Efron 1979) of a mean of paired differences, one difference a question: `draws` samples of as many questions, with replacement, and the
 * 2.5 and 97.5 % quantiles of their means (Hyndman and Fan's type 7). The questions are drawn, not the systems' answers apart, so what makes a question hard for both
 * cancels out. The same seed gives the same interval. Null under two differences.
 */
export function pairedBootstrap(
  differences: readonly number[],
  { draws = 10_000, seed = 0 }: BootstrapOptions = {},
): Interval | null {
  const n = differences.length;
  if (n < 2) return null;
  const values = Float64Array.from(differences);
  const generator = xoroshiro128plus(seed);
  const means = Float64Array.from({ length: draws }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(((generator.next() >>> 0) / 2 ** 32) * n)]!;
    return sum / n;
  }).sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const value = sorted[below]!;
  return value + (at - below) * ((sorted[below + 1] ?? value) - value);
}
