import { tf, type Tensor } from '../engine/tensorflow.ts';
import { packSequences } from '../language-model/packing.ts';
import type { AlignmentRows } from './alignment-loss.ts';
import { inputRows, inputTensors, type InputRows, type Lay } from './input-rows.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** A document as it is compressed: what is read of it, and the number of its memory tokens. */
export interface EncoderDocument {
  readonly ids: readonly number[];
  readonly count: number;
}

/** Documents (or questions) as the compressor reads them: text, then memory tokens. */
export interface EncoderBatch {
  readonly rows: InputRows;
  /** int32 [vectors]: rows of the memory tokens, document after document. */
  readonly memoryRows: Tensor;
  readonly alignment: AlignmentRows;
}

/** Lays documents out. The caller frees the tensors (`encoderTensors`). */
export function encoderBatch(
  documents: readonly EncoderDocument[],
  special: SpecialTokens,
  lay: Lay = packSequences,
): EncoderBatch {
  const memory = ({ count }: EncoderDocument): number[] => Array.from({ length: count }, (_, i) => special.first + i);
  const rows = inputRows(documents.map((document) => [...document.ids, ...memory(document)]), special, lay); // prettier-ignore
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
  return {
    rows,
    memoryRows: tf.tensor1d(memoryRows, 'int32'),
    alignment: {
      groups: tf.tensor1d(groups, 'int32'),
      shares: tf.tensor2d(shares, [total, 1]),
      documents: documents.length,
    },
  };
}

/** All tensors of a batch. */
export function encoderTensors({ rows, memoryRows, alignment }: EncoderBatch): Tensor[] {
  return [...inputTensors(rows), memoryRows, alignment.groups, alignment.shares];
}
