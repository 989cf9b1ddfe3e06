import { headCrossEntropy } from '../engine/cross-entropy.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { gatherRows } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm, type BatchShape, type PassOptions } from './decoder.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import type { ModelConfig } from './model-config.ts';

/** A sequence of which only some tokens are learnt: `targets[i]` says whether token i is predicted from the tokens before it (never the first). */
export interface TargetedSequence {
  readonly ids: readonly number[];
  readonly targets: readonly boolean[];
}

/** A batch as the engine reads it: int32 tensors and the shape that they stand for. */
export interface TargetedBatch {
  /** [batch * rows], sequence after sequence, padded on the right. */
  readonly ids: Tensor;
  /** Rows that predict a target, and the token ids that they predict. */
  readonly predicting: Tensor;
  readonly labels: Tensor;
  readonly shape: BatchShape;
}

/** Lays sequences out as a batch. The caller frees its tensors. */
export function targetedBatch(sequences: readonly TargetedSequence[]): TargetedBatch {
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
  const integers = (values: number[]): Tensor => tf.tensor1d(values, 'int32');
  return {
    ids: integers(padded),
    predicting: integers(predicting),
    labels: integers(labels),
    shape: { batch: sequences.length, rows },
  };
}

/**
 * Mean cross-entropy over all target tokens of a batch. The output head runs on the rows that predict one, and on no others.
 *
 * @returns a scalar
 */
export function languageModelLoss(
  config: ModelConfig,
  weights: DecoderWeights,
  { ids, predicting, labels, shape }: TargetedBatch,
  options: PassOptions = {},
): Tensor {
  const { trainWeights = false } = options;
  return tf.tidy(() => {
    const embedded = trainWeights ? differentiableGather(weights.embedding, ids) : gatherRows(weights.embedding, ids);
    const hidden = decode(config, weights, embedded, shape, options);
    const wanted = finalNorm(config, weights, differentiableGather(hidden, predicting), trainWeights);
    return headCrossEntropy(wanted, weights.head, labels, { trainHead: trainWeights });
  });
}
