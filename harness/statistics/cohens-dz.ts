import { meanAndDeviation } from './mean-and-deviation.ts';

/** Cohen's d_z (1988): the mean of paired differences in standard deviations of the differences. Null where they do not vary or are fewer than two. */
export function cohensDz(differences: ArrayLike<number>): number | null {
  const { mean, deviation } = meanAndDeviation(differences);
  return deviation ? mean / deviation : null;
}
