import { InputError } from '../../errors.ts';
import type { ModelFiles } from '../../language-model/model-files.ts';
import type { BaseRows } from '../clara-file.ts';
import type { GrownMatrices } from './grown-matrices.ts';
import type { TorchFile } from './torch-file.ts';

/** Values of a checkpoint's matrix in memory at once. */
const PIECE_VALUES = 4 * 1024 * 1024;

/**
 * How far the base vocabulary's rows of a checkpoint's matrices are from the base model's. They are not trained: only the roundings of different number types can
 * differ, or the base is another one.
 *
 * @throws InputError where the base does not fit: other sizes, or a tied head here and one of its own there.
 */
export async function compareWithBase(
  torchFile: TorchFile,
  { matrices, vocabularySize, hiddenSize }: GrownMatrices,
  { id, config, tokenizer, weights }: ModelFiles,
): Promise<BaseRows[]> {
  const problems: string[] = [];
  if (config.hiddenSize !== hiddenSize) problems.push(`hidden size ${hiddenSize}, the base has ${config.hiddenSize}`);
  const grown = matrices[0]!.tensor.shape[0]!;
  // A base may have more rows than its tokenizer has tokens, and its tokenizer may have been saved with the special tokens.
  if (vocabularySize > config.vocabularySize || ![vocabularySize, grown].includes(tokenizer.vocabularySize)) {
    problems.push(
      `a base vocabulary of ${vocabularySize} tokens, the base has ${tokenizer.vocabularySize} and ${config.vocabularySize} rows`,
    );
  }
  if (config.tiedEmbeddings !== (matrices.length === 1)) {
    problems.push(matrices.length === 1 ? 'no head, the base has one' : 'a head of its own, the base has none');
  }
  if (problems.length > 0) throw new InputError(problems.map((problem) => `base ${id}: the checkpoint has ${problem}`));
  const compared: BaseRows[] = [];
  for (const { name, tensor } of matrices) {
    const base = await weights.read(name);
    let differing = 0;
    let largest = 0;
    const step = Math.max(1, Math.floor(PIECE_VALUES / hiddenSize));
    for (let from = 0; from < vocabularySize; from += step) {
      const rows = await torchFile.read(tensor, from, Math.min(vocabularySize, from + step));
      for (let row = 0; row < rows.length; row += hiddenSize) {
        const difference = furthest(rows.subarray(row, row + hiddenSize), base, from * hiddenSize + row);
        if (difference > 0) differing++;
        largest = Math.max(largest, difference);
      }
    }
    compared.push({ matrix: name, rows: vocabularySize, differing, largest });
  }
  return compared;
}

/** Largest absolute difference of a row from the base's values from a place on. */
function furthest(row: Float32Array, base: Float32Array, place: number): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]! - base[place + i]!));
  return largest;
}
