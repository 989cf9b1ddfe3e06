import path from 'node:path';
import { z } from 'zod';
import { compressionVariables, createCompressionModel, type OwnedCompressionModel } from '../../clara/create-compression-model.ts'; // prettier-ignore
import { OTHER_TOKENS, specialTokenTexts } from '../../clara/special-tokens.ts';
import { tf, type Variable } from '../../engine/tensorflow.ts';
import { InputError } from '../../errors.ts';
import { readJson } from '../../files/read-json.ts';
import { disposeDecoderWeights, loadDecoderWeights } from '../../language-model/decoder-weights.ts';
import { generate } from '../../language-model/generate.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { LINEAR_MODULES } from '../../language-model/linear-modules.ts';
import type { LoraAdapter } from '../../language-model/lora.ts';
import { openModelFolder } from '../../language-model/models/open-model-folder.ts';
import { chatTemplate } from '../../language-model/tokenizer/chat-template.ts';
import { createTokenizer } from '../../language-model/tokenizer/create-tokenizer.ts';
import { tokenizerJsonSchema } from '../../language-model/tokenizer/tokenizer-json.ts';
import { openSafetensors } from '../../language-model/weights/safetensors.ts';
import type { WeightSource } from '../../language-model/weights/weight-source.ts';
import { loadVariables } from '../../training/load-variables.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';

/** The golden models are tiny. */
const MAX_BYTES = 16 * 1024 * 1024;
const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

const id = z.int().nonnegative();
const controlIds = z.looseObject({ bos_token_id: id, eos_token_id: id });

/** A compression model with a query reasoner. */
export type GoldenModel = OwnedCompressionModel & { readonly queryReasoner: LoraAdapter };

/**
 * The base model of a golden folder. Its matrices and its tokenizer have the special tokens already: this is the model as it was before, whose vocabulary ends before
 * the first memory token.
 *
 * @throws InputError where a file is missing or does not go with the values
 */
export async function loadGoldenBase(folder: string, settings: EndToEndGoldens['clara']): Promise<LanguageModel> {
  const given = await readJson(path.join(folder, 'config.json'), controlIds, MAX_BYTES);
  const whole = await openModelFolder(folder, folder);
  try {
    const vocabularySize = whole.config.vocabularySize - settings.n_mem_tokens - OTHER_TOKENS.length;
    checkSpecialTokens(folder, settings, vocabularySize);
    const config = { ...whole.config, vocabularySize };
    const file = path.join(folder, 'tokenizer.json');
    const json = await readJson(file, tokenizerJsonSchema, MAX_BYTES);
    const added_tokens = json.added_tokens.filter((token) => token.id < vocabularySize);
    const ids = { endIds: [given.eos_token_id], beginId: given.bos_token_id, padId: given.bos_token_id };
    const tokenizer = createTokenizer({ ...json, added_tokens }, ids, file);
    const text = (token: number): string => tokenizer.decode([token], { keepSpecial: true });
    const tokens = { bos_token: text(given.bos_token_id), eos_token: text(given.eos_token_id) };
    const weights = await loadDecoderWeights(config, withFirstRows(whole.weights, vocabularySize));
    const generator = { config, weights, endIds: tokenizer.endIds, decodeIds: (row: readonly number[]) => tokenizer.decode(row) }; // prettier-ignore
    return {
      id: whole.id,
      hash: whole.hash,
      config,
      weights,
      tokenizer,
      renderChat: chatTemplate(settings.chat_template, tokens, folder),
      generate: (prompts, options) => Promise.resolve(generate(generator, prompts, options)),
      dispose: () => disposeDecoderWeights(weights),
    };
  } finally {
    await whole.weights.close();
  }
}

/** A golden folder's base with the folder's adapters and rows for special tokens. */
export async function loadGoldenModel(
  folder: string,
  settings: EndToEndGoldens['clara'],
  base: LanguageModel,
): Promise<GoldenModel> {
  const model = createCompressionModel(
    base,
    {
      compressor: 'memory-tokens',
      memory: 'fixed',
      ratio: settings.compr_rate,
      documentMaxLength: settings.doc_max_length,
      rank: settings.lora_r,
      alpha: settings.lora_alpha,
      modules: LINEAR_MODULES,
    },
    0,
    { queryReasoner: true },
  );
  try {
    const { encoder, decoder, queryReasoner } = compressionVariables(model);
    await loadVariables(path.join(folder, 'adapters.safetensors'), [...encoder, ...decoder, ...queryReasoner]);
    const source = await openSafetensors([path.join(folder, 'model.safetensors')]);
    try {
      await assignAddedRows(source, EMBEDDING, [model.memory, model.others]);
      if (model.headRows) await assignAddedRows(source, HEAD, model.headRows);
    } finally {
      await source.close();
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
  return withQueryReasoner(model, folder);
}

/** The same model, which must have a query reasoner. */
export function withQueryReasoner(model: OwnedCompressionModel, where: string): GoldenModel {
  const { queryReasoner } = model;
  if (!queryReasoner) throw new InputError(`${where}: expected an adapter query_reasoner_adapter, got none`);
  return { ...model, queryReasoner };
}

/** The special tokens stand in the reference's order behind the vocabulary. */
function checkSpecialTokens(folder: string, settings: EndToEndGoldens['clara'], first: number): void {
  const { special_tokens: named, n_mem_tokens: memory, doc_max_length, compr_rate } = settings;
  const problems = specialTokenTexts(memory).flatMap((text, i) =>
    named[text] === first + i ? [] : [`${folder}: expected ${text} to have the id ${first + i}, got ${named[text]}`],
  );
  const expected = Math.floor(doc_max_length / compr_rate);
  if (memory !== expected) problems.push(`${folder}: expected ${expected} memory tokens (doc_max_length / compr_rate), got ${memory}`); // prettier-ignore
  if (problems.length > 0) throw new InputError(problems);
}

/** Weights in which the matrices with a row a token have their first rows only. */
function withFirstRows(source: WeightSource, rows: number): WeightSource {
  const isGrown = (name: string): boolean => name === EMBEDDING || name === HEAD;
  return {
    ...source,
    shape: (name) => {
      const shape = source.shape(name);
      return shape && isGrown(name) ? [rows, shape[1]!] : shape;
    },
    read: async (name) => {
      const values = await source.read(name);
      return isGrown(name) ? values.subarray(0, rows * source.shape(name)![1]!) : values;
    },
  };
}

/** Gives variables the last rows of a matrix. */
async function assignAddedRows(source: WeightSource, name: string, variables: readonly Variable[]): Promise<void> {
  const values = await source.read(name);
  let from = values.length - variables.reduce((sum, { size }) => sum + size, 0);
  for (const variable of variables) {
    tf.tidy(() => variable.assign(tf.tensor(values.subarray(from, from + variable.size), variable.shape)));
    from += variable.size;
  }
}
