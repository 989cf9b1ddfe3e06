import { bcaInterval } from './bca-interval.ts';
import { bootstrapMeans } from './bootstrap-means.ts';
import type { ClusteredValues } from './clustered-values.ts';
import type { Interval } from './interval.ts';
import { quantile } from './quantile.ts';
import type { DrawOptions } from './resample-totals.ts';

/** Which interval of a bootstrap. */
export interface BootstrapOptions extends DrawOptions {
  /** `bca` (the default) where it says something, else as `percentile`: the 2.5 and 97.5 % quantiles of the samples' means. */
  readonly method?: 'bca' | 'percentile';
}

/**
 * The 95 % interval of a mean by a bootstrap over questions, and over training seeds where there are several (bootstrap-means.ts). Of paired differences it is the paired
 * bootstrap: what makes a question hard for both systems cancels out. The same seed gives the same interval. Null under two questions.
 */
export function bootstrapInterval(values: ClusteredValues, options: BootstrapOptions = {}): Interval | null {
  if ((values.sums[0]?.length ?? 0) < 2) return null;
  const means = bootstrapMeans(values, options);
  const bca = options.method === 'percentile' ? null : bcaInterval(means, values);
  return bca ?? { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
