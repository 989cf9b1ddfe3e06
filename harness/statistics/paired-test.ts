import { questionMeans, type ClusteredValues } from './clustered-values.ts';
import { mcnemar } from './mcnemar.ts';
import type { DrawOptions } from './resample-totals.ts';
import { signFlipTest } from './sign-flip-test.ts';

/** A two-sided p, and the test that it is of. */
export interface PairedTest {
  readonly p: number;
  readonly test: 'mcnemar-exact' | 'mcnemar-chi-square' | 'permutation';
}

/**
 * The test of a difference between two systems, from what one has more than the other at each question. McNemar's where every value of both is 0 or 1 (`binary`) and no question has two;
 * otherwise a permutation test of the questions' mean differences, given the seeds there are.
 */
export function pairedTest(
  differences: ClusteredValues,
  { binary, ...options }: DrawOptions & { readonly binary: boolean },
): PairedTest {
  const means = questionMeans(differences);
  const values = differences.sizes.reduce((sum, sizes) => sizes.reduce((all, size) => all + size, sum), 0);
  if (!binary || means.length !== values) return { p: signFlipTest(means, options), test: 'permutation' };
  const one = means.filter((mean) => mean > 0).length;
  const other = means.filter((mean) => mean < 0).length;
  const { p, method } = mcnemar(one, other);
  return { p, test: `mcnemar-${method}` };
}
