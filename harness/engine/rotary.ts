import { differentiable } from './differentiable.ts';
import { asComplex, asPairs, multiplyComplex, reshape } from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Rotary position embedding (Su et al., 2021, arXiv 2104.09864): each pair of dimensions (a, b) of a head turns by an angle that grows with the position,
 * (a + ib) (cos + i sin), one complex product. Pairs are adjacent dimensions; models whose pairs are halves apart have their query and key rows reordered when
 * they are loaded (a product of queries and keys does not see a reordering that both share).
 *
 * @param x [batch * rows, width]
 * @param table cos + i sin as complex64: [rows * width / 2], shared by all sequences of a batch, or [batch * rows, width / 2]
 * @param inverse the conjugate table, which turns gradients back; needed where a gradient is recorded
 */
export function rotary(x: Tensor, table: Tensor, inverse?: Tensor): Tensor {
  const width = x.shape[1]!;
  const turn = (value: Tensor, by: Tensor): Tensor =>
    reshape(asPairs(multiplyComplex(asComplex(reshape(value, [-1, by.shape[by.rank - 1]!, 2])), by)), [-1, width]);
  return differentiable(
    [x],
    () => ({ value: turn(x, table), save: inverse && [inverse] }),
    (dy, [inverse]) => [turn(dy, inverse!)],
  );
}

/**
 * A table for the given positions, complex64: [positions, heads * headSize / 2], or flat where the sequences of a batch share it.
 *
 * @param positions one a row
 * @param inverseFrequencies radians a position of each pair; the pairs of a head beyond them (partial rotary) stay as they are
 * @param heads heads in a row, each of `headSize`
 * @param factor multiplies the result (query scale, LongRoPE's attention factor); on the turned pairs and on the others as given
 */
export function rotaryTable(
  positions: readonly number[],
  inverseFrequencies: readonly number[],
  heads: number,
  headSize: number,
  factor: { readonly rotated: number; readonly rest: number },
  { conjugate = false, flat = false } = {},
): Tensor {
  const pairs = headSize / 2;
  const head = new Float32Array(headSize);
  const values = new Float32Array(positions.length * heads * headSize);
  positions.forEach((position, row) => {
    for (let pair = 0; pair < pairs; pair++) {
      const frequency = inverseFrequencies[pair];
      // transformers rounds the frequency and then the angle to float32 before the sine; the difference shows at thousands of positions.
      const angle = frequency === undefined ? 0 : Math.fround(position * Math.fround(frequency));
      const size = frequency === undefined ? factor.rest : factor.rotated;
      head[2 * pair] = Math.cos(angle) * size;
      head[2 * pair + 1] = Math.sin(angle) * size * (conjugate ? -1 : 1);
    }
    for (let h = 0; h < heads; h++) values.set(head, (row * heads + h) * headSize);
  });
  const shape = flat ? [values.length / 2, 2] : [positions.length, (heads * headSize) / 2, 2];
  return tf.tidy(() => asComplex(tf.tensor(values, shape)));
}
