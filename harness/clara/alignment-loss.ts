import { differentiable } from '../engine/differentiable.ts';
import {
  concat,
  gatherRows,
  multiply,
  reshape,
  scale,
  scatterRows,
  slice,
  square,
  subtract,
  sum,
} from '../engine/kernels.ts';
import type { Tensor } from '../engine/tensorflow.ts';

/** Which rows of a hidden state belong to the text and to the memory tokens of which document. */
export interface AlignmentRows {
  /** int32 [rows]: 2 i for a text row of document i (or for padding), 2 i + 1 for a memory row. */
  readonly groups: Tensor;
  /** [rows, 1]: 1 over the number of rows of the group, 0 for padding. */
  readonly shares: Tensor;
  readonly documents: number;
}

/** `mean`: over the documents and the coordinates (the code); `sum`: over the documents, summed over the coordinates (section 2.1 of the paper). */
export type AlignmentForm = 'mean' | 'sum';

/**
 * Alignment of compressed and original representation (clara.md 3): the squared difference of the mean text state (`<ENC>`, begin and end token included) and the
 * mean memory state of each document. Gradients flow into both means.
 *
 * @param hidden [rows, size], after the final norm
 * @returns a scalar
 */
export function alignmentLoss(
  hidden: Tensor,
  { groups, shares, documents }: AlignmentRows,
  form: AlignmentForm,
): Tensor {
  const size = hidden.shape[1]!;
  const over = form === 'mean' ? documents * size : documents;
  return differentiable(
    [hidden],
    () => {
      const means = reshape(scatterRows(multiply(hidden, shares), groups, 2 * documents), [documents, 2, size]);
      const half = (at: number): Tensor => slice(means, [0, at, 0], [documents, 1, size]);
      const difference = subtract(half(0), half(1)); // text - memory, [documents, 1, size]
      const value = reshape(scale(sum(square(difference), [0, 1, 2]), 1 / over), []);
      const gradient = scale(reshape(concat([difference, scale(difference, -1)], 1), [2 * documents, size]), 2 / over);
      return { value, save: [gradient, groups, shares] };
    },
    (dy, [gradient, groups, shares]) => [multiply(multiply(gatherRows(gradient!, groups!), shares!), dy)],
  );
}
