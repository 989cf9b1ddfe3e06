import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tinyTensor } from '../../language-model/write-tiny-model.ts';
import { writeTorchFile, type Matrix, type MatrixDict } from './write-torch-file.ts';

/** Tokens of the tiny models' tokenizer; their matrices have 128 rows. */
export const VOCABULARY = 98;
export const [WIDTH, MEMORY] = [64, 3];
export const EMBEDDINGS = 'model.embed_tokens.weight';
export const HEAD = 'lm_head.weight';
const CONFIG = {
  ...{ decoder_model_name: '/a/path/elsewhere', compr_rate: 10, doc_max_length: 32, lora_r: 2, sep: true },
  ...{ different_mem_tokens: true, generation_top_k: 2, training_stage: 'stage2', pad_token_id: 2, quantization: 'no' },
};

/** A matrix that its name decides. */
export const matrix = (name: string, rows: number, columns: number): Matrix => ({
  shape: [rows, columns],
  values: tinyTensor(name, [rows, columns]),
});

/** The base's matrix with rows of its own behind it. */
export function grown(name: string, memory = MEMORY): Matrix {
  const values = new Float32Array((VOCABULARY + memory + 3) * WIDTH);
  values.set(tinyTensor(name, [VOCABULARY, WIDTH]));
  values.set(tinyTensor(`${name} grown`, [memory + 3, WIDTH]), VOCABULARY * WIDTH);
  return { shape: [VOCABULARY + memory + 3, WIDTH], values };
}

/** An adapter of the given blocks: k_proj (whose outputs are `keys`) and down_proj. */
export function adapter(name: string, { rank = 2, blocks = [0, 1], keys = 32 } = {}): Record<string, Matrix> {
  return Object.fromEntries(
    blocks.flatMap((block) => {
      const at = (module: string, half: string) => `model.layers.${block}.${module}.lora_${half}.weight`;
      return [
        [at('self_attn.k_proj', 'A'), matrix(`${name} ${block} kA`, rank, WIDTH)],
        [at('self_attn.k_proj', 'B'), matrix(`${name} ${block} kB`, keys, rank)],
        [at('mlp.down_proj', 'A'), matrix(`${name} ${block} dA`, rank, 96)],
        [at('mlp.down_proj', 'B'), matrix(`${name} ${block} dB`, WIDTH, rank)],
      ] as const;
    }),
  );
}

/** What a checkpoint has; the rest is as it should be. */
export interface Checkpoint {
  readonly config?: object;
  readonly adapters?: MatrixDict;
  readonly matrices?: MatrixDict;
}

/** Writes a checkpoint of the released kind, over the first of the tiny models. */
export async function writeCheckpoint(
  into: string,
  { config = {}, adapters, matrices }: Checkpoint = {},
): Promise<string> {
  await mkdir(into);
  await writeFile(path.join(into, 'config.json'), JSON.stringify({ ...CONFIG, ...config }));
  await writeTorchFile(
    path.join(into, 'adapters.pth'),
    adapters ?? {
      decoder_adapter: { ...adapter('decoder'), [EMBEDDINGS]: grown('ignored') },
      encoder_adapter: adapter('encoder'),
    },
  );
  const own = { [EMBEDDINGS]: grown(EMBEDDINGS), [HEAD]: grown(HEAD) };
  await writeTorchFile(path.join(into, 'decoder_first_last_layers.pth'), matrices ?? own);
  return into;
}
