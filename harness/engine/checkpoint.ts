import { differentiable, valueAndGradients } from './differentiable.ts';
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
    (dy, saved, needed) => {
      const variables = saved.filter((_, i) => needed[i]);
      const { value, gradients } = valueAndGradients(() => f(saved), variables, dy);
      value.dispose();
      // The caller's scope frees them with the rest.
      const rest = gradients.map((gradient) => tf.clone(gradient));
      tf.dispose(gradients);
      return needed.map((is) => (is ? rest.shift()! : null));
    },
  );
}
