import { differentiable, valueAndGradients } from './differentiable.ts';
import type { GraphCache } from './graph-cache.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Gradient checkpointing: runs `f` without keeping what its gradient needs, and runs it again in the backward pass. Same values and gradients to the last bit,
 * memory for the inputs only, one forward pass more (Chen et al., 2016, arXiv 1604.06174).
 *
 * @param inputs every tensor that `f` reads and a gradient flows to, or that is freed before the backward pass; `f` gets them (the recomputation gets copies of the same values)
 * @param recorded runs both passes as recorded graphs: `f` may then read nothing but its inputs and constants, and equal keys must mean equal computations of equal shapes
 */
export function checkpoint(
  inputs: readonly Tensor[],
  f: (inputs: readonly Tensor[]) => Tensor,
  recorded?: { readonly graphs: GraphCache; readonly key: string },
): Tensor {
  const run = (name: string, read: readonly Tensor[], compute: () => Tensor[]): Tensor[] =>
    recorded ? recorded.graphs.run(`${name} of ${recorded.key}`, read, compute) : compute();
  return differentiable(
    inputs,
    () => ({ value: run('value', inputs, () => [f(inputs)])[0]!, save: inputs }),
    (dy, saved, needed) => {
      const variables = saved.filter((_, i) => needed[i]);
      const gradients = run(`gradients ${needed.map(Number).join('')}`, [dy, ...saved], () => {
        const { value, gradients } = valueAndGradients(() => f(saved), variables, dy);
        value.dispose();
        return gradients;
      });
      // The caller's scope frees them with the rest.
      const rest = gradients.map((gradient) => tf.clone(gradient));
      tf.dispose(gradients);
      return needed.map((is) => (is ? rest.shift()! : null));
    },
  );
}
