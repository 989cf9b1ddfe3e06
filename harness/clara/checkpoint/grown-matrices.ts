import { InputError } from '../../errors.ts';
import type { WrittenTensor } from '../../language-model/weights/write-safetensors.ts';
import { OTHER_TOKENS } from '../special-tokens.ts';
import type { TorchFile } from './torch-file.ts';
import { TorchTensor } from './torch-tensor.ts';

const EMBEDDINGS = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

/** A matrix of decoder_first_last_layers.pth with the special tokens' rows behind those of the base vocabulary. */
export interface GrownMatrix {
  readonly name: typeof EMBEDDINGS | typeof HEAD;
  readonly tensor: TorchTensor;
}

/** The embeddings and, for a model whose head is not tied to them, the head. */
export interface GrownMatrices {
  readonly matrices: readonly GrownMatrix[];
  /** Of the base: the id of the first memory token. */
  readonly vocabularySize: number;
  readonly hiddenSize: number;
}

/**
 * The grown matrices of a checkpoint.
 *
 * @param memory rows that the memory tokens have in them
 * @throws InputError listing what is missing or has a wrong shape
 */
export function grownMatrices({ content }: TorchFile, file: string, memory: number): GrownMatrices {
  if (!(content instanceof Map)) throw new InputError(`${file}: expected a dict of tensors`);
  const problems = [...content.keys()]
    .filter((name) => name !== EMBEDDINGS && name !== HEAD)
    .map((name) => `${file}: expected ${EMBEDDINGS} and ${HEAD} only, got ${JSON.stringify(name)}`);
  const matrices: GrownMatrix[] = [];
  for (const name of [EMBEDDINGS, HEAD] as const) {
    const tensor = content.get(name);
    if (tensor instanceof TorchTensor && tensor.shape.length === 2) matrices.push({ name, tensor });
    else if (name === EMBEDDINGS || tensor !== undefined)
      problems.push(`${file}: ${name}: expected a matrix, got ${tensor === undefined ? 'none' : 'something else'}`);
  }
  const [rows = 0, hiddenSize = 0] = matrices[0]?.tensor.shape ?? [];
  const head = matrices.find(({ name }) => name === HEAD)?.tensor.shape;
  if (head && head.join() !== [rows, hiddenSize].join()) {
    problems.push(`${file}: ${HEAD}: expected [${rows}, ${hiddenSize}], as the embeddings, got [${head.join(', ')}]`);
  }
  const vocabularySize = rows - memory - OTHER_TOKENS.length;
  if (problems.length === 0 && (vocabularySize < 1 || hiddenSize < 1)) {
    problems.push(
      `${file}: ${EMBEDDINGS}: expected a vocabulary and ${memory + OTHER_TOKENS.length} rows more for config.json's memory tokens, got [${rows}, ${hiddenSize}]`,
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  return { matrices, vocabularySize, hiddenSize };
}

/**
 * The special tokens' rows of the grown matrices: `memory_embeddings` [tokens, H] and `special_embeddings` [3, H] (AE, ENC, SEP), and of a head of its own `memory_head` and
 * `special_head`.
 *
 * @param memory rows that the memory tokens have in the matrices: `tokens`, or one for all
 */
export function specialRows(
  torchFile: TorchFile,
  { matrices, vocabularySize, hiddenSize }: GrownMatrices,
  memory: number,
  tokens: number,
): WrittenTensor[] {
  return matrices.flatMap(({ name, tensor }) => {
    const kind = name === EMBEDDINGS ? 'embeddings' : 'head';
    const rows = (from: number, count: number) => torchFile.read(tensor, from, from + count);
    return [
      {
        name: `memory_${kind}`,
        shape: [tokens, hiddenSize],
        values: async () => repeated(await rows(vocabularySize, memory), tokens / memory),
      },
      {
        name: `special_${kind}`,
        shape: [OTHER_TOKENS.length, hiddenSize],
        values: () => rows(vocabularySize + memory, OTHER_TOKENS.length),
      },
    ];
  });
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let time = 0; time < times; time++) all.set(values, time * values.length);
  return all;
}
