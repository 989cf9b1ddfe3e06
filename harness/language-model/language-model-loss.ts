import { headCrossEntropy } from '../engine/cross-entropy.ts';
import { embed } from '../engine/embed.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm, type PassOptions } from './decoder.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import type { ModelConfig } from './model-config.ts';

/** A sequence of which only some tokens are learnt: `targets[i]` says whether token i is predicted from the tokens before it (never the first). */
export interface TargetedSequence {
  readonly ids: readonly number[];
  readonly targets: readonly boolean[];
}

/**
 * Mean cross-entropy over all target tokens of a batch. The output head runs on the rows that predict one, and on no others.
 *
 * @returns a scalar
 */
export function languageModelLoss(
  config: ModelConfig,
  weights: DecoderWeights,
  sequences: readonly TargetedSequence[],
  options: PassOptions = {},
): Tensor {
  const rows = Math.max(...sequences.map(({ ids }) => ids.length));
  const predicting: number[] = [];
  const labels: number[] = [];
  sequences.forEach(({ ids, targets }, sequence) => {
    for (let i = 1; i < ids.length; i++) {
      if (!targets[i]) continue;
      predicting.push(sequence * rows + i - 1);
      labels.push(ids[i]!);
    }
  });
  const padded = sequences.flatMap(({ ids }) => [...ids, ...new Array<number>(rows - ids.length).fill(0)]);
  return tf.tidy(() => {
    const hidden = decode(
      config,
      weights,
      embed(weights.embedding, padded),
      { batch: sequences.length, rows },
      options,
    );
    const wanted = differentiableGather(hidden, predicting);
    return headCrossEntropy(finalNorm(config, weights, wanted), weights.head, labels);
  });
}
