import { differentiable } from './differentiable.ts';
import { gatherRows, multiply, scatterRows } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/**
 * Weighted sums of groups of rows: with shares of 1 / size of the group, its mean.
 *
 * @param x [rows, size]
 * @param groups int32 [rows]: the group of each row
 * @param shares [rows, 1]: what a row counts for; 0 leaves it out
 * @returns [count, size]
 */
export function groupMeans(x: Tensor, groups: Tensor, shares: Tensor, count: number): Tensor {
  return differentiable(
    [x],
    () => ({ value: scatterRows(multiply(x, shares), groups, count), save: [groups, shares] }),
    (dy, [groups, shares]) => [multiply(gatherRows(dy, groups!), shares!)],
  );
}
