import { headCrossEntropy } from '../engine/cross-entropy.ts';
import { differentiableConcat } from '../engine/differentiable-concat.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm, type PassOptions } from '../language-model/decoder.ts';
import type { CompressionModel } from './compression-model.ts';
import type { GeneratorBatch } from './generator-batch.ts';
import { embedRows } from './input-rows.ts';

/**
 * Cross-entropy of answers given prompts with document vectors (clara.md 5): the mean over all target tokens of the batch, over the vocabulary with the special tokens.
 * Gradients flow to the vectors, the adapter, and the memory tokens' embeddings (as rows of a tied head).
 *
 * @param vectors [vectors, hidden]
 * @param options.adapter the generator's
 * @returns a scalar
 */
export function generatorLoss(
  model: Pick<CompressionModel, 'config' | 'weights' | 'memory' | 'others' | 'headRows'>,
  { rows, predicting, labels, shares }: GeneratorBatch,
  vectors: Tensor,
  options: PassOptions,
): Tensor {
  const { config, weights, memory, others, headRows } = model;
  const hidden = decode(config, weights, embedRows(model, rows, vectors), rows.layout.shape, options);
  const normed = finalNorm(config, weights, differentiableGather(hidden, predicting));
  return headCrossEntropy(normed, weights.head, labels, {
    shares,
    extra: differentiableConcat(headRows ?? [memory, others]),
  });
}
