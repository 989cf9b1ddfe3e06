import { differentiable } from './differentiable.ts';
import { gatherRows, scatterRows } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** Rows of x [rows, size] by int32 index; the gradient of a row is the sum over its uses. */
export function differentiableGather(x: Tensor, rows: Tensor): Tensor {
  return differentiable(
    [x],
    () => ({ value: gatherRows(x, rows), save: [rows] }),
    (dy, [indexes]) => [scatterRows(dy, indexes!, x.shape[0])],
  );
}
