import { valueAndGradients } from '../../engine/differentiable.ts';
import type { GraphCache } from '../../engine/graph-cache.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import type { LossTerms, NamedVariable } from '../../training/trainable.ts';
import type { StepOptions } from '../compression-loss.ts';

/** What a step's gradients depend on beside its loss. */
export interface StepSettings {
  /** Terms of the loss beside `loss` that are wanted. */
  readonly parts: readonly string[];
  readonly checkpointed: boolean;
  readonly dropout: number;
  readonly seed: number;
  /** Where recomputed blocks are recorded. */
  readonly blockGraphs: GraphCache | undefined;
  /** Where steps are recorded; `key` must tell all shapes apart. */
  readonly graphs: GraphCache | undefined;
  readonly key: string;
  /** Every tensor of the batch that the loss reads. */
  readonly tensors: readonly Tensor[];
}

/** Terms and gradients of a loss, recorded as a graph where there is a cache for them. The caller frees what comes back. */
export function stepGradients(
  loss: (options: StepOptions) => LossTerms,
  variables: readonly NamedVariable[],
  { parts, checkpointed, blockGraphs, dropout, seed, graphs, key, tensors }: StepSettings,
): { terms: LossTerms; gradients: Tensor[] } {
  const trained = variables.map(({ variable }) => variable);
  const seedTensor = tf.tensor1d([seed | 0], 'int32');
  const compute = (): Tensor[] => {
    const kept: Tensor[] = [];
    const { value, gradients } = valueAndGradients(() => {
      const terms = loss({
        checkpointed,
        blockGraphs,
        dropout: dropout > 0 ? { rate: dropout, seed: seedTensor } : undefined,
      });
      for (const part of parts) kept.push(tf.keep(tf.clone(terms[part]!)));
      return terms.loss;
    }, trained);
    return [value, ...kept, ...gradients];
  };
  try {
    const all = graphs ? graphs.run(key, [...tensors, seedTensor, ...trained], compute) : compute();
    const gradients = all.splice(all.length - trained.length);
    const [value, ...rest] = all as [Tensor, ...Tensor[]];
    return { terms: { loss: value, ...Object.fromEntries(parts.map((name, i) => [name, rest[i]!])) }, gradients };
  } finally {
    seedTensor.dispose();
  }
}
