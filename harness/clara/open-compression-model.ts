import path from 'node:path';
import { InputError } from '../errors.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { ADAPTER_NAMES } from './adapter-names.ts';
import { CLARA_FILE, type ClaraFile } from './clara-file.ts';
import { compressionVariables, createCompressionModel, type OwnedCompressionModel } from './create-compression-model.ts'; // prettier-ignore
import { loadCheckpoint } from './load-checkpoint.ts';
import { readClaraFile } from './read-clara-file.ts';

/**
 * A compression model from a checkpoint's folder (`clara.json` and `weights.safetensors`), trained or imported; every adapter that is there is loaded.
 *
 * @param ratio one of those that the checkpoint serves; by default its own
 * @throws InputError where the folder is no checkpoint, or of another model or ratio
 */
export async function openCompressionModel(
  base: LanguageModel,
  folder: string,
  ratio?: number,
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
  const settings = { ...file, ratio: ratio ?? file.ratio };
  const queryReasoner = file.adapters.includes(ADAPTER_NAMES.queryReasoner);
  const model = createCompressionModel(base, settings, 0, { queryReasoner });
  try {
    const { encoder, decoder, queryReasoner, memory, tables } = compressionVariables(model);
    await loadCheckpoint(folder, settings.ratio, [...encoder, ...decoder, ...queryReasoner, memory, ...tables], file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, file };
}
