import { add, matMul, scale, subtract, sum } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { normalNumbers } from '../training/normal-numbers.ts';

/** New rows of an embedding scatter around the mean of the old ones with this share of the old ones' covariance, as transformers initialises them. */
const SHARE_OF_COVARIANCE = 1e-9;

/**
 * Rows for new tokens: the mean of the old ones plus a normal deviation, (z E - mean(z) ...) with the covariance of the old ones times 1e-9.
 *
 * @param table [vocabulary, hidden]
 * @returns [count, hidden]
 */
export function specialEmbeddings(table: Tensor, count: number, seed: number): Tensor {
  const [vocabulary] = table.shape as [number, number];
  const random = normalNumbers(seed);
  return tf.tidy(() => {
    const mean = scale(sum(table, [0]), 1 / vocabulary); // [1, hidden]
    const weights = tf.tensor2d(Float32Array.from({ length: count * vocabulary }, random), [count, vocabulary]);
    // sum_v z_v (e_v - mean) / sqrt(vocabulary) is normal with the covariance of the rows.
    const deviation = subtract(matMul(weights, table), matMul(sum(weights, [1]), mean));
    return add(mean, scale(deviation, Math.sqrt(SHARE_OF_COVARIANCE / vocabulary)));
  });
}
