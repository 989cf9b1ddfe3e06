import { differentiable } from './differentiable.ts';
import { batchMatMul } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** a b for each pair of matrices of [batch, rows, inner] and [batch, inner, columns]; da = dy b^T, db = a^T dy. */
export function differentiableBatchProduct(a: Tensor, b: Tensor): Tensor {
  return differentiable(
    [a, b],
    () => ({ value: batchMatMul(a, b), save: [a, b] }),
    (dy, [a, b], needed) => [
      needed[0] ? batchMatMul(dy, b!, false, true) : null,
      needed[1] ? batchMatMul(a!, dy, true) : null,
    ],
  );
}
