import { differentiable } from './differentiable.ts';
import { add, multiply, sigmoid, sigmoidGradient } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/**
 * The gated unit of the feed-forward layer, y = silu(gate) up with silu(z) = z sigmoid(z) (Shazeer, 2020, arXiv 2002.05202).
 *
 * With s = sigmoid(gate) and t = dy up: dgate = t s + gate t s (1 - s), dup = dy gate s.
 *
 * @param gate [rows, size]
 * @param up [rows, size]
 */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  return differentiable(
    [gate, up],
    () => ({ value: multiply(multiply(gate, sigmoid(gate)), up), save: [gate, up] }),
    (dy, [gate, up]) => {
      const s = sigmoid(gate!);
      const t = multiply(dy, up!);
      const dGate = add(multiply(t, s), sigmoidGradient(s, multiply(t, gate!)));
      return [dGate, multiply(dy, multiply(gate!, s))];
    },
  );
}
