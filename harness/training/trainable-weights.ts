import { tf, type Variable } from '../engine/tensorflow.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import { mapDecoderWeights } from '../language-model/map-weights.ts';
import type { ModelConfig } from '../language-model/model-config.ts';
import { pairedRows } from '../language-model/rotary-order.ts';
import type { NamedVariable } from './trainable.ts';

/** A decoder whose every weight is a variable. */
export interface TrainableWeights {
  readonly weights: DecoderWeights;
  /** By their Hugging Face names and in that layout, so that their file is read as a model's. */
  readonly variables: readonly NamedVariable[];
}

/** Variables that begin with the values of a decoder's weights, which stay as they are. The caller frees them. */
export function trainableWeights(config: ModelConfig, weights: DecoderWeights): TrainableWeights {
  const variables: NamedVariable[] = [];
  const made = mapDecoderWeights(weights, (tensor, name): Variable => {
    const variable = tf.variable(tensor, true);
    variables.push({ name, variable, order: rowOrder(config, name), transposed: name.endsWith('_proj.weight') });
    return variable;
  });
  return { weights: made, variables };
}

/** The order in which the engine keeps the rows of what makes queries and keys. */
function rowOrder(config: ModelConfig, name: string): readonly number[] | undefined {
  if (name.includes('.q_proj.')) return pairedRows(config, config.heads);
  if (name.includes('.k_proj.')) return pairedRows(config, config.keyValueHeads);
  if (name.includes('.q_norm.') || name.includes('.k_norm.')) return pairedRows(config, 1);
  return undefined;
}
