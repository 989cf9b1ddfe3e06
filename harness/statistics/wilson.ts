import { type Interval, Z95 } from './interval.ts';

/**
 * Wilson's score interval (1927, equation without continuity correction) for a proportion, 95 %. `share` is the proportion observed in `n` trials.
 * Unlike the normal interval it stays within [0, 1] and has a width where the share is 0 or 1.
 */
export function wilson(share: number, n: number): Interval {
  const z2 = (Z95 * Z95) / n;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = Math.sqrt(z2 * (share * (1 - share) + z2 / 4)) / (1 + z2);
  // Rounding must not push a bound past the observed share where that is 0 or 1.
  return { low: share === 0 ? 0 : Math.max(0, centre - half), high: share === 1 ? 1 : Math.min(1, centre + half) };
}
