import { differentiable } from './differentiable.ts';
import { reshape } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** The same values in another shape. */
export function differentiableReshape(x: Tensor, shape: readonly number[]): Tensor {
  return differentiable(
    [x],
    () => ({ value: reshape(x, shape) }),
    (dy) => [reshape(dy, x.shape)],
  );
}
