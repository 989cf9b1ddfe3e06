import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { cachedSha256 } from '../../files/cached-sha256.ts';
import { readJson } from '../../files/read-json.ts';
import type { ModelFiles } from '../model-files.ts';
import { openSafetensors } from '../weights/safetensors.ts';
import { configFromHuggingFace, huggingFaceConfigSchema } from './config-from-hf.ts';
import { hashOfFiles } from './hash-of-files.ts';
import { openFolderTokenizer } from './open-folder-tokenizer.ts';

/** Configurations have about 2 kB; LongRoPE's factors some more. */
const MAX_CONFIG_BYTES = 1024 * 1024;
/** The index of a model of 100 layers has about 100 kB. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;
/** Files that decide a model's answers; those that are there go into its hash. */
const DECIDING = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
  ...['chat_template.jinja', 'chat_template.json', 'model.safetensors.index.json'],
];

const indexSchema = z.looseObject({
  weight_map: z.record(
    z.string(),
    z.string().regex(/^[\w-][\w.-]*\.safetensors$/, 'expected the name of a .safetensors file beside the index'),
  ),
});

/**
 * Opens a model folder in Hugging Face's layout: config.json, model.safetensors or its shards with their index, tokenizer.json, and what goes with them.
 *
 * @param id What it is called in results.
 * @throws InputError where a file is missing, wrong or not supported.
 */
export async function openModelFolder(id: string, folder: string): Promise<ModelFiles> {
  const configFile = path.join(folder, 'config.json');
  const given = await readJson(configFile, huggingFaceConfigSchema, MAX_CONFIG_BYTES);
  const config = configFromHuggingFace(given, configFile);
  const ends = given.eos_token_id ?? [];
  const { tokenizer, renderChat } = await openFolderTokenizer(folder, typeof ends === 'number' ? [ends] : ends);
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw new InputError(
      `${folder}: the tokenizer has ids up to ${tokenizer.vocabularySize - 1}; expected less than config.json's vocab_size, ${config.vocabularySize}`,
    );
  }
  const { files, weightMap } = await weightFiles(folder);
  const weights = await openSafetensors(
    files.map((file) => path.join(folder, file)),
    weightMap,
  );
  try {
    const present: string[] = [];
    for (const name of DECIDING) if (await isFile(path.join(folder, name))) present.push(name);
    const hashed = [];
    for (const name of [...present, ...files])
      hashed.push({ name, sha256: await cachedSha256(path.join(folder, name)) });
    return { id, hash: hashOfFiles(hashed), config, weights, tokenizer, renderChat };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

async function weightFiles(folder: string): Promise<{ files: string[]; weightMap?: Record<string, string> }> {
  const index = path.join(folder, 'model.safetensors.index.json');
  if (await isFile(path.join(folder, 'model.safetensors'))) return { files: ['model.safetensors'] };
  if (!(await isFile(index))) {
    throw new InputError(
      `${folder}: expected model.safetensors, or model.safetensors.index.json with its shards, got neither`,
    );
  }
  const { weight_map: weightMap } = await readJson(index, indexSchema, MAX_INDEX_BYTES);
  return { files: [...new Set(Object.values(weightMap))].sort(), weightMap };
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
