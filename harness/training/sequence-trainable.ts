import { valueAndGradients } from '../engine/differentiable.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { PassOptions } from '../language-model/decoder.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { languageModelLoss, targetedBatch, type TargetedSequence } from '../language-model/language-model-loss.ts';
import type { NamedVariable, Trainable } from './trainable.ts';

/** What is trained, and how. */
export interface SequenceTraining {
  readonly variables: readonly NamedVariable[];
  /** The adapter, or that the weights themselves are trained; recomputation. */
  readonly pass: PassOptions;
  /** Share of an adapter's inputs that is dropped in training. */
  readonly dropout: number;
}

/** Sequences learnt by their cross-entropy: the mean over all target tokens of a micro-batch (clara.md 5). Shapes hardly ever come again, so that nothing is recorded. */
export function sequenceTrainable<Item extends TargetedSequence>(
  { config, weights }: Pick<LanguageModel, 'config' | 'weights'>,
  { variables, pass, dropout: rate }: SequenceTraining,
): Trainable<Item> {
  /** What f makes of the loss of some sequences. */
  const withLoss = <T>(items: readonly Item[], f: (lossOf: (options: PassOptions) => Tensor) => T): T => {
    const batch = targetedBatch(items);
    try {
      return f((options) => languageModelLoss(config, weights, batch, { ...pass, ...options }));
    } finally {
      tf.dispose([batch.ids, batch.predicting, batch.labels]);
    }
  };
  return {
    variables,
    tokens: ({ ids }) => ids.length,
    gradients: (items, seed) => {
      const dropout = rate > 0 ? { rate, seed: tf.tensor1d([seed], 'int32'), stream: 0 } : undefined;
      const { value: loss, gradients } = withLoss(items, (lossOf) =>
        valueAndGradients(
          () => lossOf({ dropout }),
          variables.map(({ variable }) => variable),
        ),
      );
      dropout?.seed.dispose();
      return { terms: { loss }, gradients };
    },
    evaluate: (items) => ({ loss: withLoss(items, (lossOf) => lossOf({ checkpointed: false })) }),
    dispose: () => undefined,
  };
}
