import { tf } from '../engine/tensorflow.ts';
import type { SequenceLayout } from '../language-model/packing.ts';
import type { EncoderDocument } from './encoder-batch.ts';
import type { Lay } from './input-rows.ts';

/**
 * Positions of a text's tokens and of the memory tokens that stand behind it: the text's are 0 to n - 1, and memory token j of m has round((j + 1) (n - 1) / m), the end of its share of the text, so
 * that near positions are what it is to hold (the enhanced position layout of Zhao et al., 2024, arXiv 2409.14364). CLaRa gives them the positions n to n + m - 1.
 */
function spreadPositions({ ids, count }: EncoderDocument): number[] {
  return [
    ...ids.keys(),
    ...Array.from({ length: count }, (_, j) => Math.round(((j + 1) * (ids.length - 1)) / Math.max(1, count))),
  ];
}

/** The layout of `lay`, with these positions. */
export function spreadLay(documents: readonly EncoderDocument[], lay: Lay): Lay {
  return (lengths) => {
    const layout = lay(lengths);
    const positions = new Int32Array(layout.total);
    documents.forEach((document, at) => positions.set(spreadPositions(document), layout.starts[at]));
    return withPositions(layout, positions);
  };
}

function withPositions({ shape, starts, total }: SequenceLayout, positions: Int32Array): SequenceLayout {
  const { packing } = shape;
  packing?.positions.dispose();
  // Where every sequence has rows of its own, each row is its own padded place.
  const places = (): Int32Array => Int32Array.from({ length: total }, (_, row) => row);
  const { toPadded, toPacked } = packing ?? {
    toPadded: tf.tensor1d(places(), 'int32'),
    toPacked: tf.tensor1d(places(), 'int32'),
  };
  return {
    shape: { ...shape, packing: { positions: tf.tensor1d(positions, 'int32'), toPadded, toPacked } },
    starts,
    total,
  };
}
