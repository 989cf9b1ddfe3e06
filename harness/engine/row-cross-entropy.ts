import { differentiable } from './differentiable.ts';
import { concat, matMul, multiply, reshape, softmaxCrossEntropy } from './kernels.ts';
import { labelledChunks } from './labelled-chunks.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Cross-entropy of the output head for each row, -log softmax(hidden head^T)[label], for losses in which the rows do not add up plainly. Gradients flow to `hidden`.
 *
 * @param hidden [rows, size], after the final norm
 * @param head [vocabulary, size]
 * @param labels a token id a row, int32 [rows]
 * @returns [rows]
 */
export function rowCrossEntropy(hidden: Tensor, head: Tensor, labels: Tensor): Tensor {
  return differentiable(
    [hidden],
    (recording) => {
      const losses: Tensor[] = [];
      const gradients: Tensor[] = [];
      for (const { part, expected } of labelledChunks(hidden, labels)) {
        const [loss, gradient] = tf.tidy(() => {
          const { loss, gradient } = softmaxCrossEntropy(matMul(part, head, false, true), expected);
          return recording ? [loss, matMul(gradient, head)] : [loss];
        });
        losses.push(loss);
        if (gradient) gradients.push(gradient);
      }
      return { value: concat(losses, 0), save: recording ? [concat(gradients, 0)] : [] };
    },
    (dy, [gradient]) => [multiply(gradient!, reshape(dy, [dy.shape[0], 1]))],
  );
}
