import { gatherRows } from '../engine/kernels.ts';
import { rowCrossEntropy } from '../engine/row-cross-entropy.ts';
import { tf } from '../engine/tensorflow.ts';
import { decode, finalNorm } from './decoder.ts';
import type { LanguageModel } from './language-model.ts';
import { targetedBatch } from './language-model-loss.ts';

/** Rows that go through the blocks at once; it bounds the memory. */
const MAX_ROWS = 4096;

/**
 * Self-information of each token but the first of some sequences, -log p(token | the tokens before it) in nats. The output head's logits are made and dropped some
 * rows at a time.
 *
 * @param sequences of at most the model's context; those of at least two tokens have a value for each token after the first
 */
export function selfInformation(
  { config, weights }: Pick<LanguageModel, 'config' | 'weights'>,
  sequences: readonly (readonly number[])[],
): Float32Array[] {
  const results = sequences.map(() => new Float32Array(0));
  const order = sequences.map((_, i) => i).filter((i) => sequences[i]!.length > 1);
  order.sort((a, b) => sequences[b]!.length - sequences[a]!.length || a - b);
  for (let from = 0; from < order.length;) {
    const count = Math.max(1, Math.floor(MAX_ROWS / sequences[order[from]!]!.length));
    const part = order.slice(from, from + count);
    const values = valuesOf(part.map((i) => sequences[i]!));
    let at = 0;
    for (const i of part) results[i] = values.slice(at, (at += sequences[i]!.length - 1));
    from += part.length;
  }
  return results;

  function valuesOf(part: readonly (readonly number[])[]): Float32Array {
    const batch = targetedBatch(part.map((ids) => ({ ids, targets: ids.map(() => true) })));
    const { ids, predicting, labels, shape } = batch;
    try {
      return tf.tidy(() => {
        const hidden = decode(config, weights, gatherRows(weights.embedding, ids), shape);
        const normed = finalNorm(config, weights, gatherRows(hidden, predicting));
        return rowCrossEntropy(normed, weights.head, labels).dataSync() as Float32Array;
      });
    } finally {
      tf.dispose([ids, predicting, labels]);
    }
  }
}
