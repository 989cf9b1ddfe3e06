import { Z95 } from './interval.ts';

/** The 80 % quantile of the standard normal distribution. */
const Z80 = 0.8416212335729143;
/** What Student's t needs in excess of the normal distribution: half of the squared quantile (Guenther 1981, "Sample size formulas for normal theory t tests"). */
const EXCESS = (Z95 * Z95) / 2;

/**
 * The smallest mean difference that a two-sided paired test at 5 % finds with a power of 80 % among `n` questions whose differences have this standard deviation. Within
 * 1 % of the noncentral t distribution from 10 questions on. Null where the questions are too few for any, or where the differences do not vary, which says nothing of those to come.
 */
export function minimumDetectableDifference(deviation: number, n: number): number | null {
  return n <= EXCESS || deviation === 0 ? null : ((Z95 + Z80) * deviation) / Math.sqrt(n - EXCESS);
}

/** How many questions such a test needs to find `difference`: what would settle it, were it the true one. Null where it is 0. */
export function questionsNeeded(difference: number, deviation: number): number | null {
  if (difference === 0) return null;
  return Math.ceil(((Z95 + Z80) * (deviation / difference)) ** 2 + EXCESS);
}
