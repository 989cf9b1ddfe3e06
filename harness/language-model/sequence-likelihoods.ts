import { differentiableGather } from '../engine/differentiable-gather.ts';
import { differentiableScale } from '../engine/differentiable-scale.ts';
import { differentiableScatter } from '../engine/differentiable-scatter.ts';
import { gatherRows } from '../engine/kernels.ts';
import { rowCrossEntropy } from '../engine/row-cross-entropy.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm, type BatchShape, type PassOptions } from './decoder.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import type { TargetedSequence } from './language-model-loss.ts';
import type { ModelConfig } from './model-config.ts';
import { packSequences } from './packing.ts';

/** Sequences end to end, of which each has a likelihood of its own. */
export interface LikelihoodBatch {
  /** int32 [rows]: token ids. */
  readonly ids: Tensor;
  /** int32 [targets]: rows that predict a target, the ids that they predict, and the slots that their likelihoods are added up in. */
  readonly predicting: Tensor;
  readonly labels: Tensor;
  readonly slotOf: Tensor;
  readonly slots: number;
  readonly shape: BatchShape;
}

/**
 * Lays sequences out. The caller frees the tensors (`likelihoodTensors`).
 *
 * @param slotOf each sequence's place in the result; one after the other by default
 * @param slots places in the result; those of no sequence are 0
 */
export function likelihoodBatch(
  sequences: readonly TargetedSequence[],
  slotOf: readonly number[] = sequences.map((_, sequence) => sequence),
  slots: number = sequences.length,
): LikelihoodBatch {
  const { shape, starts, total } = packSequences(sequences.map(({ ids }) => ids.length));
  const ids = new Int32Array(total);
  const predicting: number[] = [];
  const labels: number[] = [];
  const places: number[] = [];
  sequences.forEach((sequence, at) => {
    ids.set(sequence.ids, starts[at]);
    for (let i = 1; i < sequence.ids.length; i++) {
      if (!sequence.targets[i]) continue;
      predicting.push(starts[at]! + i - 1);
      labels.push(sequence.ids[i]!);
      places.push(slotOf[at]!);
    }
  });
  const integers = (values: number[] | Int32Array): Tensor => tf.tensor1d(values, 'int32');
  return {
    ids: integers(ids),
    predicting: integers(predicting),
    labels: integers(labels),
    slotOf: integers(places),
    slots,
    shape,
  };
}

/** All tensors of a batch. */
export function likelihoodTensors({ ids, predicting, labels, slotOf, shape }: LikelihoodBatch): Tensor[] {
  return [ids, predicting, labels, slotOf, ...Object.values<Tensor>({ ...shape.packing })];
}

/**
 * Log-likelihood of each sequence's targets, the sum over them of log p(token | the tokens before it). The output head runs on the rows that predict one, and on no others.
 *
 * @returns [slots]
 */
export function sequenceLikelihoods(
  config: ModelConfig,
  weights: DecoderWeights,
  { ids, predicting, labels, slotOf, slots, shape }: LikelihoodBatch,
  options: PassOptions = {},
): Tensor {
  return tf.tidy(() => {
    const hidden = decode(config, weights, gatherRows(weights.embedding, ids), shape, options);
    const wanted = finalNorm(config, weights, differentiableGather(hidden, predicting));
    const losses = rowCrossEntropy(wanted, weights.head, labels);
    return differentiableScale(differentiableScatter(losses, slotOf, slots), -1);
  });
}
