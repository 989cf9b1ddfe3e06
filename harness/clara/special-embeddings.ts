import { add, matMul, scale, subtract, sum } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { normalNumbers } from '../training/normal-numbers.ts';

/** Shares of the old rows' covariance with which new rows of an embedding scatter around their mean: next to none, as transformers initialises them, or as the old ones do. */
const SHARES_OF_COVARIANCE = { mean: 1e-9, scattered: 1 };

/** How new rows begin: all at about the mean of the old ones, or apart from each other like them. */
export type NewRows = keyof typeof SHARES_OF_COVARIANCE;

/**
 * Rows for new tokens: the mean of the old ones plus a normal deviation, (z E - mean(z) ...) with a share of the covariance of the old ones.
 *
 * @param table [vocabulary, hidden]
 * @returns [count, hidden]
 */
export function specialEmbeddings(table: Tensor, count: number, seed: number, start: NewRows = 'mean'): Tensor {
  const [vocabulary] = table.shape as [number, number];
  const random = normalNumbers(seed);
  return tf.tidy(() => {
    const mean = scale(sum(table, [0]), 1 / vocabulary); // [1, hidden]
    const weights = tf.tensor2d(Float32Array.from({ length: count * vocabulary }, random), [count, vocabulary]);
    // sum_v z_v (e_v - mean) / sqrt(vocabulary) is normal with the covariance of the rows.
    const deviation = subtract(matMul(weights, table), matMul(sum(weights, [1]), mean));
    return add(mean, scale(deviation, Math.sqrt(SHARES_OF_COVARIANCE[start] / vocabulary)));
  });
}
