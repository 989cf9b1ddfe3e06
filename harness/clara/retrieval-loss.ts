import { differentiable } from '../engine/differentiable.ts';
import {
  add,
  addScalar,
  divide,
  exponential,
  greatest,
  logarithm,
  maximum,
  multiply,
  reshape,
  scale,
  softmax,
  subtract,
  sum,
} from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';

/** Added to the scaled scores of candidates that do not take part; exp of it is exactly 0. */
const EXCLUDED = -1e9;

/**
 * Supervised retrieval loss (clara.md 7, the contrastive variant): -log of the share that the gold candidates have of the softmax of s / t, mean over the questions
 * that have a gold candidate.
 *
 * With P = softmax over all and G = softmax over the gold ones: ds = (P - G) / t / questions.
 *
 * @param scores [questions, candidates]
 * @param gold [questions, candidates] of 1 and 0; a question without any counts for nothing
 * @param present [questions, candidates] of 1 and 0: candidates that are there
 * @returns a scalar; 0 where no question has a gold candidate
 */
export function retrievalLoss(scores: Tensor, gold: Tensor, present: Tensor, temperature: number): Tensor {
  return differentiable(
    [scores],
    () => {
      const p = scale(scores, 1 / temperature);
      const only = (mask: Tensor): Tensor => add(p, scale(addScalar(scale(mask, -1), 1), EXCLUDED));
      const all = softmax(only(present));
      const some = softmax(only(gold));
      const has = greatest(gold, [1]); // [questions, 1]
      const counted = divide(has, maximum(sum(has, [0]), tf.scalar(1)));
      // The share of the gold ones, whose logarithm would be lost where it is tiny, is taken in logarithms: log p_n - log g_n is the same for every gold n.
      const logShare = subtract(logSumExp(only(gold)), logSumExp(only(present)));
      const value = scale(sum(multiply(logShare, counted), [0, 1]), -1);
      return { value: reshape(value, []), save: [multiply(subtract(all, some), scale(counted, 1 / temperature))] };
    },
    (dy, [gradient]) => [multiply(gradient!, dy)],
  );
}

/** log sum exp of each row of [rows, columns]: [rows, 1]. */
function logSumExp(a: Tensor): Tensor {
  const largest = greatest(a, [1]);
  return add(largest, logarithm(sum(exponential(subtract(a, largest)), [1])));
}
