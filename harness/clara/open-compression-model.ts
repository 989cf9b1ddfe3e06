import path from 'node:path';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { loadVariables } from '../training/load-variables.ts';
import { ADAPTER_NAMES } from './adapter-names.ts';
import { CLARA_FILE, claraFileSchema, type ClaraFile } from './clara-file.ts';
import { compressionVariables, createCompressionModel, type OwnedCompressionModel } from './create-compression-model.ts'; // prettier-ignore

/** Settings and the names of their adapters take some hundred bytes. */
const MAX_BYTES = 1 << 20;

/** What clara.json of a checkpoint's folder says. @throws InputError where it is missing or wrong. */
export function readClaraFile(folder: string): Promise<ClaraFile> {
  return readJson(path.join(folder, CLARA_FILE), claraFileSchema, MAX_BYTES);
}

/**
 * A compression model from a checkpoint's folder (`clara.json` and `weights.safetensors`), trained or imported; every adapter that is there is loaded.
 *
 * @throws InputError where the folder is no checkpoint, or of another model
 */
export async function openCompressionModel(
  base: LanguageModel,
  folder: string,
): Promise<{ model: OwnedCompressionModel; file: ClaraFile }> {
  const file = await readClaraFile(folder);
  const where = path.join(folder, CLARA_FILE);
  if (file.model && file.model.hash !== base.hash) {
    throw new InputError(`${where}: expected the model ${file.model.id} (${file.model.hash.slice(0, 12)}), got ${base.id} (${base.hash.slice(0, 12)})`); // prettier-ignore
  }
  if (file.hiddenSize !== base.config.hiddenSize || file.vocabularySize !== base.tokenizer.vocabularySize) {
    throw new InputError(
      `${where}: expected a model of width ${file.hiddenSize} with ${file.vocabularySize} tokens, got ${base.id} of width ${base.config.hiddenSize} with ${base.tokenizer.vocabularySize}`,
    );
  }
  const compressor = file.compressor;
  const queryReasoner = file.adapters.includes(ADAPTER_NAMES.queryReasoner);
  const model = createCompressionModel(base, { ...file, compressor }, 0, { queryReasoner });
  try {
    const { encoder, decoder, queryReasoner, memory, tables } = compressionVariables(model);
    await loadVariables(path.join(folder, 'weights.safetensors'), [...encoder, ...decoder, ...queryReasoner, memory, ...tables]); // prettier-ignore
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, file };
}
