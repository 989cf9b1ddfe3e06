import { differentiableConcat } from '../engine/differentiable-concat.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { gatherRows } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { SequenceLayout } from '../language-model/packing.ts';
import type { CompressionModel } from './compression-model.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** A row of the input: a token by its id, or a document's vector by its place among all vectors of the batch. */
export type InputSymbol = number | { readonly vector: number };

/** Sequences of symbols as the engine reads them. The caller frees the tensors (`inputTensors`). */
export interface InputRows {
  readonly layout: SequenceLayout;
  /** int32 [total]: token ids of the base vocabulary; 0 where another kind of row stands. */
  readonly ids: Tensor;
  /** int32 [total]: where each row is found among token rows, memory rows, other special rows, vectors, in this order. */
  readonly order: Tensor;
}

/** How sequences of some lengths are laid out: packed or padded, rounded or not. */
export type Lay = (lengths: readonly number[]) => SequenceLayout;

/** Lays sequences out. */
export function inputRows(sequences: readonly (readonly InputSymbol[])[], special: SpecialTokens, lay: Lay): InputRows {
  const layout = lay(sequences.map(({ length }) => length));
  const { total, starts } = layout;
  const ids = new Int32Array(total);
  const order = Int32Array.from({ length: total }, (_, row) => row);
  sequences.forEach((symbols, sequence) => {
    symbols.forEach((symbol, i) => {
      const row = starts[sequence]! + i;
      if (typeof symbol !== 'number') order[row] = total + special.separator + 1 - special.first + symbol.vector;
      else if (symbol >= special.first) order[row] = total + symbol - special.first;
      else ids[row] = symbol;
    });
  });
  return { layout, ids: tf.tensor1d(ids, 'int32'), order: tf.tensor1d(order, 'int32') };
}

/** All tensors of some input rows. */
export function inputTensors({ layout, ids, order }: InputRows): Tensor[] {
  const { packing } = layout.shape;
  return [ids, order, ...(packing ? [packing.positions, packing.toPadded, packing.toPacked] : [])];
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
