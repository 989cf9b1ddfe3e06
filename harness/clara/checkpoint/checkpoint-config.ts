import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { readJson } from '../../files/read-json.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;
/** No checkpoint comes near; a larger number would be allocated for. */
const MAX_TOKENS = 1 << 20;

/** The fields of a checkpoint's config.json that matter, under the reference's names and with its defaults (clara.md 11). */
const schema = z.looseObject({
  decoder_model_name: z.string(),
  compr_rate: z.int().min(1).max(MAX_TOKENS),
  doc_max_length: z.int().min(1).max(MAX_TOKENS),
  lora_r: z.int().min(1).max(4096),
  sep: z.boolean(),
  different_mem_tokens: z.boolean(),
  generation_top_k: z.int().min(1).max(1000).default(1),
  training_stage: z.string().max(100).default('unknown'),
});

/** A checked config.json. */
export type CheckpointConfig = z.infer<typeof schema>;

/** The settings of a checkpoint. @throws InputError where the file is missing or wrong. */
export async function readCheckpointConfig(folder: string): Promise<CheckpointConfig> {
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, schema, MAX_CONFIG_BYTES);
  if (config.compr_rate > config.doc_max_length) {
    throw new InputError(
      `${file}: compr_rate: expected at most doc_max_length, ${config.doc_max_length}, got ${config.compr_rate}: no memory token is left`,
    );
  }
  return config;
}
