import { differentiableGather } from '../engine/differentiable-gather.ts';
import { groupMeans } from '../engine/group-means.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm, type PassOptions } from '../language-model/decoder.ts';
import { alignmentLoss, type AlignmentForm } from './alignment-loss.ts';
import type { CompressionModel } from './compression-model.ts';
import { embedRows } from './input-rows.ts';
import { project } from './projector.ts';
import type { EncoderBatch } from './encoder-batch.ts';

/** What the compressor (or the query reasoner) makes of texts. */
export interface Encoded {
  /** Memory vectors, document after document, [vectors, hidden]: hidden states after the final norm. */
  readonly vectors: Tensor;
  /** The alignment loss, where it was asked for. */
  readonly alignment: Tensor | null;
}

/**
 * Compresses texts under an adapter (clara.md 2): the hidden states after the final norm at the memory tokens, which stand behind each text; or means of hidden states, projected where
 * the model has a projector.
 *
 * @param options.adapter the compressor's or the query reasoner's
 * @param alignment the form of the alignment loss, or null for none
 */
export function encode(
  model: Pick<CompressionModel, 'config' | 'weights' | 'memory' | 'others' | 'projector'>,
  batch: EncoderBatch,
  options: PassOptions,
  alignment: AlignmentForm | null = null,
): Encoded {
  const { config, weights, projector } = model;
  const { rows, vectors } = batch;
  const hidden = decode(config, weights, embedRows(model, rows), rows.layout.shape, options);
  if (alignment === null && 'rows' in vectors) {
    return { vectors: finalNorm(config, weights, differentiableGather(hidden, vectors.rows)), alignment: null };
  }
  const normed = finalNorm(config, weights, hidden);
  const states =
    'rows' in vectors
      ? differentiableGather(normed, vectors.rows)
      : groupMeans(normed, vectors.groups, vectors.shares, vectors.count);
  return {
    vectors: projector ? project(states, projector) : states,
    alignment: alignment && alignmentLoss(normed, batch.alignment, alignment),
  };
}
