import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { BatchShape } from './decoder.ts';

/** How lengths are rounded, so that recorded graphs of fixed shapes are used again. */
export interface Rounding {
  /** The rows of all sequences together are filled up to a multiple of this. */
  readonly total: number;
  /** The rows of the longest sequence, for attention, are filled up to a multiple of this; at least `total`. */
  readonly longest: number;
}

/** Sequences laid out in the rows of a hidden state. */
export interface SequenceLayout {
  readonly shape: BatchShape;
  /** Row at which each sequence begins. */
  readonly starts: readonly number[];
  /** Rows in all, filling included. */
  readonly total: number;
}

/**
 * Lays sequences of the given lengths side by side, each padded on the right to the longest, rounded up to a multiple of `multiple`: where a sequence's result must not
 * depend on which others are with it, all batches of one shape.
 */
export function padSequences(lengths: readonly number[], multiple: number): SequenceLayout {
  const rows = Math.ceil(Math.max(...lengths) / multiple) * multiple;
  return {
    shape: { batch: lengths.length, rows },
    starts: lengths.map((_, sequence) => sequence * rows),
    total: lengths.length * rows,
  };
}

/**
 * Lays sequences of the given lengths end to end. Rows that fill up to the rounded total are a sequence of their own, which nothing else sees. The caller frees the
 * tensors of `shape.packing`.
 */
export function packSequences(
  lengths: readonly number[],
  rounding: Rounding = { total: 1, longest: 1 },
): SequenceLayout {
  const used = lengths.reduce((sum, length) => sum + length, 0);
  const total = Math.ceil(used / rounding.total) * rounding.total;
  // The filling is there even where it is empty, so that the number of sequences does not depend on the lengths.
  const all = rounding.total > 1 ? [...lengths, total - used] : lengths;
  const rows = Math.ceil(Math.max(...all) / rounding.longest) * rounding.longest;
  const positions = new Int32Array(total);
  const toPacked = new Int32Array(total);
  const toPadded = new Int32Array(all.length * rows);
  const starts: number[] = [];
  let row = 0;
  all.forEach((length, sequence) => {
    if (sequence < lengths.length) starts.push(row);
    for (let position = 0; position < length; position++, row++) {
      positions[row] = position;
      toPacked[row] = sequence * rows + position;
      toPadded[sequence * rows + position] = row;
    }
  });
  const integers = (values: Int32Array): Tensor => tf.tensor1d(values, 'int32');
  return {
    shape: {
      batch: all.length,
      rows,
      packing: { positions: integers(positions), toPadded: integers(toPadded), toPacked: integers(toPacked) },
    },
    starts,
    total,
  };
}
