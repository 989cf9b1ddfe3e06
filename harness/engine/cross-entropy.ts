import { differentiable } from './differentiable.ts';
import { add, concat, matMul, multiply, reshape, scale, slice, softmaxCrossEntropy, sum } from './kernels.ts';
import { labelledChunks } from './labelled-chunks.ts';
import { tf, type Tensor } from './tensorflow.ts';

/**
 * Mean cross-entropy of the output head, -log softmax(hidden head^T)[label], over the rows. The logits are made and dropped a chunk of rows at a time; the
 * gradient to `hidden` is made beside the loss, so that they need not be made again.
 *
 * @param hidden [rows, size], after the final norm
 * @param head [vocabulary, size]
 * @param labels a token id a row, int32 [rows]
 * @param extra [added, size]: rows of the head for tokens that were added behind the vocabulary; gradients flow to them
 * @param shares [rows]: what each row counts for, adding up to 1; 1 / rows each without it
 * @returns a scalar
 */
export function headCrossEntropy(
  hidden: Tensor,
  head: Tensor,
  labels: Tensor,
  {
    trainHead = false,
    extra,
    shares,
  }: { readonly trainHead?: boolean; readonly extra?: Tensor; readonly shares?: Tensor } = {},
): Tensor {
  const rows = hidden.shape[0];
  const vocabulary = head.shape[0];
  return differentiable(
    [hidden, ...(trainHead ? [head] : []), ...(extra ? [extra] : [])],
    (recording) => {
      const losses: Tensor[] = [];
      const dHidden: Tensor[] = [];
      let dHead: Tensor | undefined;
      let dExtra: Tensor | undefined;
      for (const { from, count, part, expected } of labelledChunks(hidden, labels)) {
        const chunk = tf.tidy(() => {
          const known = matMul(part, head, false, true);
          const logits = extra ? concat([known, matMul(part, extra, false, true)], 1) : known;
          const { loss, gradient: unweighted } = softmaxCrossEntropy(logits, expected);
          if (!recording) return [loss];
          const gradient = shares ? multiply(unweighted, column(shares, from, count)) : unweighted;
          if (!extra) return [loss, matMul(gradient, head), ...(trainHead ? [matMul(gradient, part, true)] : [])];
          const dKnown = slice(gradient, [0, 0], [count, vocabulary]);
          const dAdded = slice(gradient, [0, vocabulary], [count, extra.shape[0]]);
          return [
            loss,
            add(matMul(dKnown, head), matMul(dAdded, extra)),
            ...(trainHead ? [matMul(dKnown, part, true)] : []),
            matMul(dAdded, part, true),
          ];
        });
        losses.push(chunk.shift()!);
        if (chunk.length > 0) dHidden.push(chunk.shift()!);
        const more = (before: Tensor | undefined): Tensor | undefined => {
          const part = chunk.shift();
          return before && part ? add(before, part) : part;
        };
        if (trainHead) dHead = more(dHead);
        if (extra) dExtra = more(dExtra);
      }
      const each = concat(losses, 0);
      const value = reshape(shares ? sum(multiply(each, shares), [0]) : scale(sum(each, [0]), 1 / rows), []);
      if (!recording) return { value };
      return { value, save: [concat(dHidden, 0), ...(dHead ? [dHead] : []), ...(dExtra ? [dExtra] : [])] };
    },
    (dy, saved) => saved.map((gradient) => multiply(gradient, shares ? dy : scale(dy, 1 / rows))),
  );
}

/** Rows of a vector as a column. */
function column(values: Tensor, from: number, count: number): Tensor {
  return reshape(slice(values, [from], [count]), [count, 1]);
}
