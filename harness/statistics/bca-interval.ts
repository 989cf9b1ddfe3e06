import { type ClusteredValues, meanOf } from './clustered-values.ts';
import { type Interval, Z95 } from './interval.ts';
import { normalQuantile } from './normal-quantile.ts';
import { normalTail } from './normal-tail.ts';
import { quantile } from './quantile.ts';

/**
 * The bias-corrected and accelerated 95 % interval of a mean (Efron 1987, "Better bootstrap confidence intervals"): quantiles of the samples' means, moved by the share of
 * them under the mean and by the skewness of the means with one question left out. Null where these say nothing: several training seeds (the method knows one level of
 * drawing), or a mean outside of all samples' means.
 *
 * @param means of bootstrap samples of the values, in rising order
 */
export function bcaInterval(means: Float64Array, values: ClusteredValues): Interval | null {
  if (values.sums.length > 1) return null;
  const mean = meanOf(values);
  const bias = normalQuantile(shareUnder(means, mean));
  if (!Number.isFinite(bias)) return null;
  const acceleration = skewness(values);
  const bound = (z: number): number => {
    const moved = bias + z;
    return quantile(means, normalTail(-(bias + moved / (1 - acceleration * moved))));
  };
  return { low: bound(-Z95), high: bound(Z95) };
}

/** The share of the means under `mean`; those that equal it count half. Samples' sums are rounded in another order than the mean's own. */
function shareUnder(means: Float64Array, mean: number): number {
  const tolerance = 1e-12 * Math.max(Math.abs(means[0]!), Math.abs(means[means.length - 1]!));
  let under = 0;
  for (const other of means) under += Math.abs(other - mean) <= tolerance ? 0.5 : other < mean ? 1 : 0;
  return under / means.length;
}

/** The acceleration: a sixth of the skewness of the means without each question in turn (the jackknife). */
function skewness({ sums: [sums], sizes: [sizes] }: ClusteredValues): number {
  const sum = sums!.reduce((all, value) => all + value, 0);
  const size = sizes!.reduce((all, value) => all + value, 0);
  const without = sums!.map((value, question) => (sum - value) / (size - sizes![question]!));
  const centre = without.reduce((all, value) => all + value, 0) / without.length;
  let [squares, cubes] = [0, 0];
  for (const value of without) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
