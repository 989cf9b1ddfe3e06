import { differentiableReshape } from '../../harness/engine/differentiable-reshape.ts';
import { valueAndGradients } from '../../harness/engine/differentiable.ts';
import { tf, type Tensor } from '../../harness/engine/tensorflow.ts';
import { retrievalLoss } from '../../harness/clara/retrieval-loss.ts';
import type { PassOptions } from '../../harness/language-model/decoder.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import type { TargetedSequence } from '../../harness/language-model/language-model-loss.ts';
import type { LoraAdapter } from '../../harness/language-model/lora.ts';
import {
  likelihoodBatch,
  likelihoodTensors,
  sequenceLikelihoods,
} from '../../harness/language-model/sequence-likelihoods.ts';
import type { NamedVariable, Trainable } from '../../harness/training/trainable.ts';

/** A question with some of its candidates. */
export interface RankingItem {
  readonly id: string;
  /** The question after each candidate. */
  readonly sequences: readonly TargetedSequence[];
  /** Whether each candidate is a gold passage. */
  readonly gold: readonly boolean[];
}

/** The adapter's matrices by their names in `weights.safetensors`. */
export function crossEncoderVariables({ matrices }: LoraAdapter): NamedVariable[] {
  return matrices.map((matrix) => ({ ...matrix, name: `cross_encoder_adapter.${matrix.name}` }));
}

/**
 * What a cross-encoder learns: -log of the gold candidates' share in the softmax over the candidates of the log-likelihood of the question, log p(q | d). With every
 * candidate as likely as the others beforehand, that share is the probability that one of the gold ones is what the question was asked about (Bayes).
 */
export function crossEncoderTrainable(
  { config, weights }: Pick<LanguageModel, 'config' | 'weights'>,
  adapter: LoraAdapter,
  { dropout: rate, checkpointed }: { readonly dropout: number; readonly checkpointed: boolean },
): Trainable<RankingItem> {
  const variables = crossEncoderVariables(adapter);

  /** Runs f on the loss of some questions. */
  const withLoss = <T>(items: readonly RankingItem[], f: (loss: (options: PassOptions) => Tensor) => T): T => {
    const candidates = Math.max(...items.map(({ gold }) => gold.length));
    const slots = items.length * candidates;
    const slotOf = items.flatMap(({ sequences }, question) => sequences.map((_, at) => question * candidates + at));
    const batch = likelihoodBatch(items.flatMap(({ sequences }) => sequences), slotOf, slots); // prettier-ignore
    const mask = (has: (item: RankingItem, at: number) => boolean | undefined): Tensor =>
      tf.tensor2d(
        items.map((item) => Array.from({ length: candidates }, (_, at) => (has(item, at) ? 1 : 0))),
        [items.length, candidates],
      );
    const gold = mask((item, at) => item.gold[at]);
    const present = mask((item, at) => at < item.gold.length);
    try {
      return f((options) => {
        const scores = sequenceLikelihoods(config, weights, batch, { adapter: adapter.blocks, ...options });
        return retrievalLoss(differentiableReshape(scores, [items.length, candidates]), gold, present, 1);
      });
    } finally {
      tf.dispose([...likelihoodTensors(batch), gold, present]);
    }
  };

  return {
    variables,
    tokens: ({ sequences }) => sequences.reduce((sum, { ids }) => sum + ids.length, 0),
    gradients: (items, seed) => {
      const dropout = rate > 0 ? { rate, seed: tf.tensor1d([seed], 'int32'), stream: 0 } : undefined;
      try {
        const { value: loss, gradients } = withLoss(items, (lossOf) =>
          valueAndGradients(
            () => lossOf({ checkpointed, dropout }),
            variables.map(({ variable }) => variable),
          ),
        );
        return { terms: { loss }, gradients };
      } finally {
        dropout?.seed.dispose();
      }
    },
    evaluate: (items) => ({ loss: withLoss(items, (lossOf) => tf.tidy(() => lossOf({}))) }),
    dispose: () => undefined,
  };
}
