import { differentiable } from './differentiable.ts';
import { scale } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** factor a. */
export function differentiableScale(a: Tensor, factor: number): Tensor {
  return differentiable(
    [a],
    () => ({ value: scale(a, factor) }),
    (dy) => [scale(dy, factor)],
  );
}
