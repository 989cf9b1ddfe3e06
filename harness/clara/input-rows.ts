import { differentiableConcat } from '../engine/differentiable-concat.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { gatherRows } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { packSequences, type PackedLayout, type Rounding } from '../language-model/packing.ts';
import type { CompressionModel } from './compression-model.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** A row of the input: a token by its id, or a document's vector by its place among all vectors of the batch. */
export type InputSymbol = number | { readonly vector: number };

/** Sequences of symbols as the engine reads them. The caller frees the tensors (`inputTensors`). */
export interface InputRows {
  readonly layout: PackedLayout;
  /** int32 [total]: token ids of the base vocabulary; 0 where another kind of row stands. */
  readonly ids: Tensor;
  /** int32 [total]: where each row is found among token rows, memory rows, other special rows, vectors, in this order. */
  readonly order: Tensor;
}

/** Lays sequences out. */
export function inputRows(
  sequences: readonly (readonly InputSymbol[])[],
  special: SpecialTokens,
  rounding?: Rounding,
): InputRows {
  const layout = packSequences(sequences.map((symbols) => symbols.length), rounding); // prettier-ignore
  const { total } = layout;
  const ids = new Int32Array(total);
  const order = Int32Array.from({ length: total }, (_, row) => row);
  let row = 0;
  for (const symbols of sequences) {
    for (const symbol of symbols) {
      if (typeof symbol !== 'number') order[row] = total + special.separator + 1 - special.first + symbol.vector;
      else if (symbol >= special.first) order[row] = total + symbol - special.first;
      else ids[row] = symbol;
      row++;
    }
  }
  return { layout, ids: tf.tensor1d(ids, 'int32'), order: tf.tensor1d(order, 'int32') };
}

/** All tensors of some input rows. */
export function inputTensors({ layout, ids, order }: InputRows): Tensor[] {
  const { positions, toPadded, toPacked } = layout.shape.packing!;
  return [ids, order, positions, toPadded, toPacked];
}

/**
 * The input's embeddings, [total, hidden]. Gradients flow to the memory tokens' embeddings and to the vectors.
 *
 * @param vectors [vectors, hidden]
 */
export function embedRows(
  { weights, memory, others }: Pick<CompressionModel, 'weights' | 'memory' | 'others'>,
  { ids, order }: InputRows,
  vectors?: Tensor,
): Tensor {
  const parts = [gatherRows(weights.embedding, ids), memory, others, ...(vectors ? [vectors] : [])];
  return differentiableGather(differentiableConcat(parts), order);
}
