import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { TargetedSequence } from '../language-model/language-model-loss.ts';
import { packSequences } from '../language-model/packing.ts';
import { inputRows, inputTensors, type InputRows, type Lay } from './input-rows.ts';
import { vectorSymbols } from './vector-symbols.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** Prompts with answers as the generator learns from them. */
export interface GeneratorBatch {
  readonly rows: InputRows;
  /** int32 [targets]: rows that predict a target, and the ids that they predict. */
  readonly predicting: Tensor;
  readonly labels: Tensor;
  /** [targets]: 1 / number of targets, 0 for filling. */
  readonly shares: Tensor;
}

/** How prompts are laid out. */
export interface GeneratorLayout {
  readonly lay?: Lay;
  readonly targets?: number;
  readonly stride?: number;
}

/**
 * Lays prompts with answers out; every memory token in them stands for a vector, in the order of all vectors of the batch. The caller frees the tensors.
 *
 * @param layout how rows lie; `targets`: the number of targets is filled up to a multiple of it; `stride`: vectors that each document has room for (`vectorSymbols`)
 */
export function generatorBatch(
  sequences: readonly TargetedSequence[],
  special: SpecialTokens,
  { lay = packSequences, targets = 1, stride }: GeneratorLayout = {},
): GeneratorBatch {
  const symbols = vectorSymbols(sequences.map(({ ids }) => ids), special, stride); // prettier-ignore
  const rows = inputRows(symbols, special, lay);
  const predicting: number[] = [];
  const labels: number[] = [];
  sequences.forEach(({ ids, targets: wanted }, sequence) => {
    for (let i = 1; i < ids.length; i++) {
      if (!wanted[i]) continue;
      predicting.push(rows.layout.starts[sequence]! + i - 1);
      labels.push(ids[i]!);
    }
  });
  const count = labels.length;
  const filling = new Array<number>(Math.ceil(count / targets) * targets - count).fill(0);
  return {
    rows,
    predicting: tf.tensor1d([...predicting, ...filling], 'int32'),
    labels: tf.tensor1d([...labels, ...filling], 'int32'),
    shares: tf.tensor1d([...labels.map(() => 1 / count), ...filling]),
  };
}

/** All tensors of a batch. */
export function generatorTensors({ rows, predicting, labels, shares }: GeneratorBatch): Tensor[] {
  return [...inputTensors(rows), predicting, labels, shares];
}
