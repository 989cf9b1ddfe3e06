import { differentiable } from './differentiable.ts';
import { add } from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** a + b for tensors of one shape. */
export function differentiableAdd(a: Tensor, b: Tensor): Tensor {
  return differentiable(
    [a, b],
    () => ({ value: add(a, b) }),
    (dy) => [tf.clone(dy), tf.clone(dy)],
  );
}
