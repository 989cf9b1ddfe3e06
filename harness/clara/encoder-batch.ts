import { tf, type Tensor } from '../engine/tensorflow.ts';
import { packSequences } from '../language-model/packing.ts';
import type { AlignmentRows } from './alignment-loss.ts';
import { inputRows, inputTensors, type InputRows, type Lay } from './input-rows.ts';
import type { MemoryPositions } from './compression-settings.ts';
import type { SpecialTokens } from './special-tokens.ts';
import { spreadLay } from './spread-positions.ts';

/** A document as it is compressed: what is read of it, and the number of its memory tokens. */
export interface EncoderDocument {
  readonly ids: readonly number[];
  readonly count: number;
}

/** Documents (or questions) as the compressor reads them: text, then (for `memory-tokens`) memory tokens. */
export interface EncoderBatch {
  readonly rows: InputRows;
  /** Where the vectors come from, document after document: the hidden states of rows (memory tokens), or the means of groups of rows (mean pooling). */
  readonly vectors: MemoryRows | RowGroups;
  readonly alignment: AlignmentRows;
}

/** Rows whose hidden states are wanted. */
interface MemoryRows {
  /** int32 [count] */
  readonly rows: Tensor;
  readonly count: number;
}

/** Groups of rows whose means are wanted. */
interface RowGroups {
  /** int32 [rows]: the group of each row; any for rows whose share is 0. */
  readonly groups: Tensor;
  /** [rows, 1] */
  readonly shares: Tensor;
  readonly count: number;
}

/** How a batch is laid out. */
interface EncoderLayout {
  readonly lay?: Lay;
  /** The number of vectors is filled up to a multiple of this (for recorded graphs). */
  readonly multiple?: number;
  readonly positions?: MemoryPositions;
}

/** Lays documents out. The caller frees the tensors (`encoderTensors`). */
export function encoderBatch(
  documents: readonly EncoderDocument[],
  special: SpecialTokens,
  { lay = packSequences, multiple = 1, positions = 'behind' }: EncoderLayout = {},
): EncoderBatch {
  const memory = ({ count }: EncoderDocument): number[] => Array.from({ length: count }, (_, i) => special.first + i);
  const placed = positions === 'spread' ? spreadLay(documents, lay) : lay;
  const rows = inputRows(documents.map((document) => [...document.ids, ...memory(document)]), special, placed); // prettier-ignore
  const { starts, total } = rows.layout;
  const memoryRows: number[] = [];
  const groups = new Int32Array(total);
  const shares = new Float32Array(total);
  documents.forEach(({ ids, count }, document) => {
    const start = starts[document]!;
    for (let row = start; row < start + ids.length + count; row++) {
      const text = row < start + ids.length;
      groups[row] = 2 * document + (text ? 0 : 1);
      shares[row] = 1 / (text ? ids.length : count);
      if (!text) memoryRows.push(row);
    }
  });
  while (memoryRows.length % multiple !== 0) memoryRows.push(0);
  return {
    rows,
    vectors: { rows: tf.tensor1d(memoryRows, 'int32'), count: memoryRows.length },
    alignment: {
      groups: tf.tensor1d(groups, 'int32'),
      shares: tf.tensor2d(shares, [total, 1]),
      documents: documents.length,
    },
  };
}

/** All tensors of a batch. */
export function encoderTensors({ rows, vectors, alignment }: EncoderBatch): Tensor[] {
  const made = 'rows' in vectors ? [vectors.rows] : [vectors.groups, vectors.shares];
  return [...inputTensors(rows), ...made, alignment.groups, alignment.shares];
}

/**
 * Lays documents out whose vectors are the means of equal windows of their text's hidden states (mean pooling): the first `count` windows of ceil or floor(ids / count) rows.
 * A document has as many vectors as it has ids at most. The alignment loss has no meaning there.
 */
export function pooledBatch(
  documents: readonly EncoderDocument[],
  special: SpecialTokens,
  { lay = packSequences, multiple = 1 }: EncoderLayout = {},
): EncoderBatch {
  const rows = inputRows(documents.map(({ ids }) => ids), special, lay); // prettier-ignore
  const { starts, total } = rows.layout;
  const groups = new Int32Array(total);
  const shares = new Float32Array(total);
  let first = 0;
  documents.forEach(({ ids, count }, document) => {
    for (let window = 0; window < count; window++) {
      const [from, to] = [window, window + 1].map((edge) => Math.floor((edge * ids.length) / count)) as [
        number,
        number,
      ];
      for (let row = starts[document]! + from; row < starts[document]! + to; row++) {
        groups[row] = first + window;
        shares[row] = 1 / (to - from);
      }
    }
    first += count;
  });
  const [groupTensor, shareTensor] = [tf.tensor1d(groups, 'int32'), tf.tensor2d(shares, [total, 1])];
  return {
    rows,
    vectors: { groups: groupTensor, shares: shareTensor, count: Math.ceil(first / multiple) * multiple },
    alignment: { groups: tf.zerosLike(groupTensor), shares: tf.zerosLike(shareTensor), documents: documents.length },
  };
}
