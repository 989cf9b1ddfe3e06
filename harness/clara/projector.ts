import { gelu } from '../engine/gelu.ts';
import { linear } from '../engine/linear.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';
import { loraInitialisation } from '../language-model/lora-initialisation.ts';
import type { NamedVariable } from '../training/trainable.ts';

/** A linear layer of variables: weight [in, out], bias [out]. */
interface Layer {
  readonly weight: Variable;
  readonly bias: Variable;
}

/** Two linear layers of the hidden size with a GELU between them (Cheng et al., 2024). */
export type Projector = readonly [Layer, Layer];

/** A projector with torch's first values: uniform between -1 / sqrt(in) and 1 / sqrt(in). */
export function createProjector(hidden: number, seed: number): Projector {
  const initial = loraInitialisation(seed);
  const layer = (): Layer =>
    tf.tidy(() => ({
      weight: tf.variable(tf.tensor2d(initial('weight', [hidden, hidden]), [hidden, hidden]), true),
      bias: tf.variable(tf.tensor1d(initial('bias', [1, hidden])), true),
    }));
  return [layer(), layer()];
}

/** @param x [rows, hidden] */
export function project(x: Tensor, [first, second]: Projector): Tensor {
  return linear(gelu(linear(x, first, undefined, true)), second, undefined, true);
}

/** A projector's variables by their names in a checkpoint. */
export function projectorVariables(projector: Projector): NamedVariable[] {
  return projector.flatMap(({ weight, bias }, at) => [
    { name: `projector.${2 * at}.weight`, variable: weight, transposed: true },
    { name: `projector.${2 * at}.bias`, variable: bias },
  ]);
}
