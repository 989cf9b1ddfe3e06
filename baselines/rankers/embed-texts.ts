import { setImmediate as breathe } from 'node:timers/promises';
import { gatherRows, multiply, scatterRows } from '../../harness/engine/kernels.ts';
import { tf } from '../../harness/engine/tensorflow.ts';
import { decode, finalNorm } from '../../harness/language-model/decoder.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import { packSequences } from '../../harness/language-model/packing.ts';
import type { Pooling } from './pooling.ts';
import { tokenGroups } from './token-groups.ts';

/**
 * Vectors of tokenised texts: hidden states after the final norm, pooled, divided by their length, so that a product of two is their cosine.
 *
 * @param sequences token ids, at least one each
 * @returns [texts, hidden], row after row
 */
export async function embedTexts(
  { config, weights }: Pick<LanguageModel, 'config' | 'weights'>,
  sequences: readonly (readonly number[])[],
  pooling: Pooling,
): Promise<Float32Array> {
  const size = config.hiddenSize;
  const vectors = new Float32Array(sequences.length * size);
  for (const group of tokenGroups(sequences.map(({ length }) => length))) {
    const texts = group.map((place) => sequences[place]!);
    const { shape, starts } = packSequences(texts.map(({ length }) => length));
    const pooled = tf.tidy(() => {
      const ids = tf.tensor1d(texts.flat(), 'int32');
      const hidden = decode(config, weights, gatherRows(weights.embedding, ids), shape);
      if (pooling === 'last') {
        const ends = texts.map(({ length }, text) => starts[text]! + length - 1);
        return finalNorm(config, weights, gatherRows(hidden, tf.tensor1d(ends, 'int32'))).dataSync();
      }
      const owners = texts.flatMap((ids, text) => ids.map(() => text));
      const shares = tf.tensor2d(texts.flatMap((ids) => ids.map(() => 1 / ids.length)), [owners.length, 1]); // prettier-ignore
      const states = multiply(finalNorm(config, weights, hidden), shares);
      return scatterRows(states, tf.tensor1d(owners, 'int32'), texts.length).dataSync();
    });
    tf.dispose(Object.values({ ...shape.packing }));
    group.forEach((place, at) => vectors.set(normalised(pooled.slice(at * size, (at + 1) * size)), place * size));
    // The lock of the job says between groups that this process lives.
    await breathe();
  }
  return vectors;
}

function normalised(vector: ArrayLike<number>): Float32Array {
  const values = Float32Array.from(vector);
  const length = Math.hypot(...values);
  return length === 0 ? values : values.map((value) => value / length);
}
