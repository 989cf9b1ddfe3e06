import { gatherRows } from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Rows of an embedding matrix.
 *
 * @param table [vocabulary, size]
 * @param ids token ids
 * @returns [ids, size]
 */
export function embed(table: Tensor, ids: readonly number[]): Tensor {
  return tf.tidy(() => gatherRows(table, tf.tensor1d(ids as number[], 'int32')));
}
