import { differentiable } from '../engine/differentiable.ts';
import {
  add,
  addScalar,
  argMaxRows,
  concat,
  concatIntegers,
  logarithm,
  multiply,
  oneHot,
  reshape,
  reshapeIntegers,
  scale,
  sliceIntegers,
  softmax,
  subtract,
  sum,
  topColumns,
} from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';

/** Where the paper (section 3.3 and 3.4) and its code differ. */
export interface TopKOptions {
  readonly k: number;
  /** Divides the scores before each softmax; at least 1e-6. */
  readonly temperature: number;
  /** `code`: softmax(s / t + log(1 - taken + 1e-8)); `paper`: softmax((s + log(1 - taken + 1e-8)) / t). */
  readonly masking?: 'code' | 'paper';
  /** `scores`: the k best scores (the code); `masked`: the best of each masked soft row (the paper). They differ only where a taken document keeps the maximum. */
  readonly choice?: 'scores' | 'masked';
}

/** A selection: one row a rank, best first. */
export interface Selection {
  /** [questions, k, candidates]: one-hot forward, the gradient of the soft rows backward. */
  readonly weights: Tensor;
  /** [questions, k], int32: the chosen candidates. */
  readonly indices: Tensor;
}

/**
 * Differentiable top-k by a straight-through estimator (clara.md 7.3): the value is the hard choice H, the gradient that of the soft rows S,
 * S_j = softmax(s / t + log(1 - taken_j + 1e-8)), where taken_j marks the choices of the ranks before j.
 *
 * ds = sum_j S_j (dW_j - sum_n dW_jn S_jn) / t.
 *
 * @param scores [questions, candidates]; a candidate that is not there has a score of -1e9 or less
 */
export function differentiableTopK(scores: Tensor, options: TopKOptions): Selection {
  const { k, masking = 'code', choice = 'scores' } = options;
  const temperature = Math.max(options.temperature, 1e-6);
  const [questions, candidates] = scores.shape as [number, number];
  let indices!: Tensor;
  const weights = differentiable(
    [scores],
    () => {
      const p = scale(scores, 1 / temperature);
      const best = choice === 'scores' ? topColumns(scores, k) : undefined;
      const hard: Tensor[] = [];
      const soft: Tensor[] = [];
      const chosen: Tensor[] = [];
      let open: Tensor = tf.ones([questions, candidates]);
      for (let rank = 0; rank < k; rank++) {
        const closed = logarithm(addScalar(open, 1e-8));
        const row = softmax(add(p, masking === 'code' ? closed : scale(closed, 1 / temperature)));
        const index = best
          ? sliceIntegers(best, [0, rank], [questions, 1])
          : reshapeIntegers(argMaxRows(row), [questions, 1]);
        const one = reshape(oneHot(index, candidates), [questions, candidates]);
        soft.push(reshape(row, [questions, 1, candidates]));
        hard.push(reshape(one, [questions, 1, candidates]));
        chosen.push(index);
        open = multiply(open, subtract(tf.ones([questions, candidates]), one));
      }
      indices = tf.keep(best ? tf.clone(best) : concatIntegers(chosen, 1));
      return { value: concat(hard, 1), save: [concat(soft, 1)] };
    },
    (dy, [soft]) => {
      const inner = subtract(dy, sum(multiply(dy, soft!), [2]));
      return [reshape(scale(sum(multiply(soft!, inner), [1]), 1 / temperature), [questions, candidates])];
    },
  );
  return { weights, indices };
}
