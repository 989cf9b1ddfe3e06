import { differentiable } from './differentiable.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Gradient checkpointing: runs `f` without keeping what its gradient needs, and runs it again in the backward pass. Same values and gradients to the last bit,
 * memory for the inputs only, one forward pass more (Chen et al., 2016, arXiv 1604.06174).
 *
 * @param inputs every tensor that `f` reads and a gradient flows to; `f` gets them (the recomputation gets copies of the same values)
 */
export function checkpoint(inputs: readonly Tensor[], f: (inputs: readonly Tensor[]) => Tensor): Tensor {
  return differentiable(
    inputs,
    () => ({ value: f(inputs), save: inputs }),
    (dy, saved) => nestedGradients(saved, f, dy),
  );
}

/** Gradients of f inside a gradient. An inner call of tf.grads resets the engine's tape, which would break the outer pass: it is put back afterwards. */
function nestedGradients(inputs: readonly Tensor[], f: (inputs: readonly Tensor[]) => Tensor, dy: Tensor): Tensor[] {
  const state = (tf.engine() as unknown as { state: { activeTape: unknown } }).state;
  const outer = state.activeTape;
  try {
    return tf.grads((...parameters: Tensor[]) => f(parameters))([...inputs], dy);
  } finally {
    state.activeTape = outer;
  }
}
