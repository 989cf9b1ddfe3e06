import path from 'node:path';
import { InputError } from '../errors.ts';
import { cacheHome } from '../home.ts';
import { loadLanguageModel } from '../language-model/load-language-model.ts';
import type { OpenClara } from './answered-question.ts';
import { CLARA_FILE } from './clara-file.ts';
import { readClaraFile } from './read-clara-file.ts';
import { VectorAnswering } from './vector-answering.ts';

/**
 * Opens a checkpoint with its backbone. Document vectors are kept in the program's cache.
 *
 * @param checkpoint folder with clara.json and weights.safetensors
 * @param model id, folder or .gguf file of the backbone; that of clara.json by default
 * @throws InputError where the folder is no checkpoint, or of another model
 */
export async function openClara(checkpoint: string, model?: string): Promise<OpenClara> {
  const file = await readClaraFile(checkpoint);
  const id = model ?? file.model?.id;
  if (id === undefined) {
    throw new InputError(`${path.join(checkpoint, CLARA_FILE)}: it names no model; say which (--model)`);
  }
  const base = await loadLanguageModel(id);
  const answering = await VectorAnswering.open(base, checkpoint, path.join(cacheHome(), 'vectors')).catch(
    (error: unknown) => {
      base.dispose();
      throw error;
    },
  );
  return {
    base,
    ratio: file.ratio,
    k: file.k,
    ask: async (question, documents, { k, maxNewTokens }) => {
      const example = { id: 'question', question, answers: [''], docs: [...documents], pos_index: [] };
      const choice = answering.ranks ? ({ docs: 'all', k } as const) : ({ docs: k, k: null } as const);
      const options = { ...choice, generate: true, maxNewTokens, batch: 1, seed: 0 };
      const [answered] = await answering.answer([example], options);
      const { text, ranking, scores, selected, tokens, ms } = answered!;
      return {
        answer: text,
        ranking: ranking && ranking.map((document, at) => ({ document, score: scores![at]! })),
        ...{ selected, tokens, ms },
      };
    },
    reconstruct: (texts, { maxNewTokens }) => answering.reconstruct(texts, { maxNewTokens, batch: 8, seed: 0 }),
    dispose: () => {
      answering.dispose();
      base.dispose();
    },
  };
}
