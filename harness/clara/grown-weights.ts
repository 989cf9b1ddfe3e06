import { concat } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import type { CompressionModel } from './compression-model.ts';

/** Weights whose embedding and output head have the special tokens' rows behind those of the vocabulary: what generation reads. `dispose` frees the two matrices. */
export function growWeights(
  weights: DecoderWeights,
  { memory, others, headRows }: Pick<CompressionModel, 'memory' | 'others' | 'headRows'>,
): { weights: DecoderWeights; dispose: () => void } {
  const grow = (table: Tensor, rows: readonly Tensor[]): Tensor => tf.tidy(() => concat([table, ...rows], 0));
  const embedding = grow(weights.embedding, [memory, others]);
  const head = headRows ? grow(weights.head, headRows) : embedding;
  return { weights: { ...weights, embedding, head }, dispose: () => tf.dispose([embedding, head]) };
}
