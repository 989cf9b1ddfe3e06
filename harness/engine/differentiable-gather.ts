import { differentiable } from './differentiable.ts';
import { gatherRows, scatterRows } from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** Rows of x [rows, size] by index; the gradient of a row is the sum over its uses. */
export function differentiableGather(x: Tensor, rows: readonly number[]): Tensor {
  return differentiable(
    [x],
    () => {
      const indexes = tf.tensor1d(rows as number[], 'int32');
      return { value: gatherRows(x, indexes), save: [indexes] };
    },
    (dy, [indexes]) => [scatterRows(dy, indexes!, x.shape[0])],
  );
}
