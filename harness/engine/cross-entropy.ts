import { differentiable } from './differentiable.ts';
import {
  add,
  concat,
  matMul,
  multiply,
  reshape,
  scale,
  slice,
  sliceIntegers,
  softmaxCrossEntropy,
  sum,
} from './kernels.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** Rows whose logits are held at once: 256 of SmolLM2's 49,152 are 50 MB, twice in the gradient. */
const CHUNK_ROWS = 256;

/**
 * Mean cross-entropy of the output head, -log softmax(hidden head^T)[label], over the rows. The logits are made and dropped a chunk of rows at a time; the
 * gradient to `hidden` is made beside the loss, so that they need not be made again.
 *
 * @param hidden [rows, size], after the final norm
 * @param head [vocabulary, size]
 * @param labels a token id a row, int32 [rows]
 * @returns a scalar
 */
export function headCrossEntropy(hidden: Tensor, head: Tensor, labels: Tensor, trainHead = false): Tensor {
  const [rows, size] = hidden.shape as [number, number];
  return differentiable(
    trainHead ? [hidden, head] : [hidden],
    (recording) => {
      const losses: Tensor[] = [];
      const dHidden: Tensor[] = [];
      let dHead: Tensor | undefined;
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, rows - from);
        const part = count === rows ? hidden : slice(hidden, [from, 0], [count, size]);
        const chunk = tf.tidy(() => {
          const logits = matMul(part, head, false, true);
          const { loss, gradient } = softmaxCrossEntropy(
            logits,
            count === rows ? labels : sliceIntegers(labels, from, count),
          );
          if (!recording) return [loss];
          return [loss, matMul(gradient, head), ...(trainHead ? [matMul(gradient, part, true)] : [])];
        });
        losses.push(chunk[0]!);
        if (chunk[1]) dHidden.push(chunk[1]);
        if (chunk[2]) dHead = dHead ? add(dHead, chunk[2]) : chunk[2];
      }
      const value = reshape(scale(sum(concat(losses, 0), [0]), 1 / rows), []);
      if (!recording) return { value };
      return { value, save: [concat(dHidden, 0), ...(dHead ? [dHead] : [])] };
    },
    (dy, saved) => saved.map((gradient) => multiply(gradient, scale(dy, 1 / rows))),
  );
}
