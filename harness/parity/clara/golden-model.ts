import path from 'node:path';
import { z } from 'zod';
import type { CompressionModel } from '../../clara/compression-model.ts';
import { OTHER_TOKENS, specialTokens, specialTokenTexts } from '../../clara/special-tokens.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import { InputError } from '../../errors.ts';
import { readJson } from '../../files/read-json.ts';
import { disposeDecoderWeights, loadDecoderWeights } from '../../language-model/decoder-weights.ts';
import { createLoraAdapter, disposeLoraAdapter, type LoraAdapter } from '../../language-model/lora.ts';
import { configFromHuggingFace, huggingFaceConfigSchema } from '../../language-model/models/config-from-hf.ts';
import { chatTemplate } from '../../language-model/tokenizer/chat-template.ts';
import { createTokenizer } from '../../language-model/tokenizer/create-tokenizer.ts';
import { tokenizerJsonSchema } from '../../language-model/tokenizer/tokenizer-json.ts';
import { openSafetensors } from '../../language-model/weights/safetensors.ts';
import type { WeightSource } from '../../language-model/weights/weight-source.ts';
import { loadVariables } from '../../training/load-variables.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';

/** The golden models are tiny. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Matrices with a row a token. */
const GROWN = ['model.embed_tokens.weight', 'lm_head.weight'];

/** Adapters of the reference, by their names in its files. */
export const ADAPTERS = { encoder: 'encoder_adapter', decoder: 'decoder_adapter', queryReasoner: 'query_reasoner_adapter' } as const; // prettier-ignore

/** A golden folder's model, with all of its adapters. */
export type GoldenModel = CompressionModel & { readonly queryReasoner: LoraAdapter };

/**
 * The model of a golden folder. Its matrices and its tokenizer have the special tokens already: they are taken apart again into the base model, whose vocabulary ends
 * before the first memory token, and what the project adds to one.
 *
 * @throws InputError where a file is missing or does not go with the values
 */
export async function loadGoldenModel(folder: string, settings: EndToEndGoldens['clara']): Promise<GoldenModel> {
  const file = (name: string): string => path.join(folder, name);
  const memory = Math.floor(settings.doc_max_length / settings.compr_rate);
  const added = memory + OTHER_TOKENS.length;
  const id = z.int().nonnegative();
  const given = await readJson(file('config.json'), huggingFaceConfigSchema.extend({ bos_token_id: id, eos_token_id: id }), MAX_BYTES); // prettier-ignore
  const whole = configFromHuggingFace(given, file('config.json'));
  const first = whole.vocabularySize - added;
  const config = { ...whole, vocabularySize: first };
  const special = specialTokens(first, memory);
  checkSpecialTokens(folder, settings, first, memory);

  const json = await readJson(file('tokenizer.json'), tokenizerJsonSchema, MAX_BYTES);
  const base = { ...json, added_tokens: json.added_tokens.filter((token) => token.id < first) };
  const ids = { endIds: [given.eos_token_id], beginId: given.bos_token_id, padId: given.bos_token_id };
  const tokenizer = createTokenizer(base, ids, file('tokenizer.json')).withTokens(specialTokenTexts(memory));
  const text = (token: number): string => tokenizer.decode([token], { keepSpecial: true });
  const tokens = { bos_token: text(given.bos_token_id), eos_token: text(given.eos_token_id) };

  const source = await openSafetensors([file('model.safetensors')]);
  try {
    const rows = async (name: string): Promise<Tensor> =>
      tf.tensor2d((await source.read(name)).subarray(first * config.hiddenSize), [added, config.hiddenSize]);
    const weights = await loadDecoderWeights(config, withFirstRows(source, first));
    const embeddings = await rows(GROWN[0]!);
    const adapter = async (name: string): Promise<LoraAdapter> => {
      const lora = createLoraAdapter(config, { rank: settings.lora_r, alpha: settings.lora_alpha }, (_, [out, inside]) => new Float32Array(out * inside)); // prettier-ignore
      await loadVariables(file('adapters.safetensors'), lora.matrices.map((matrix) => ({ ...matrix, name: `${name}.${matrix.name}` }))); // prettier-ignore
      return lora;
    };
    return {
      config,
      weights,
      tokenizer,
      renderChat: chatTemplate(settings.chat_template, tokens, folder),
      special,
      memory: tf.tidy(() => tf.variable(embeddings.slice([0, 0], [memory, -1]))),
      others: tf.tidy(() => embeddings.slice([memory, 0], [OTHER_TOKENS.length, -1])),
      headRows: config.tiedEmbeddings ? (embeddings.dispose(), null) : (embeddings.dispose(), await rows(GROWN[1]!)),
      encoder: await adapter(ADAPTERS.encoder),
      decoder: await adapter(ADAPTERS.decoder),
      queryReasoner: await adapter(ADAPTERS.queryReasoner),
    };
  } finally {
    await source.close();
  }
}

/** Frees a golden model. */
export function disposeGoldenModel({
  weights,
  memory,
  others,
  headRows,
  encoder,
  decoder,
  queryReasoner,
}: GoldenModel): void {
  disposeDecoderWeights(weights);
  tf.dispose([memory, others, ...(headRows ? [headRows] : [])]);
  for (const adapter of [encoder, decoder, queryReasoner]) disposeLoraAdapter(adapter);
}

/** The special tokens stand in the reference's order behind the vocabulary. */
function checkSpecialTokens(
  folder: string,
  { special_tokens: named, n_mem_tokens: count }: EndToEndGoldens['clara'],
  first: number,
  memory: number,
): void {
  const problems = specialTokenTexts(memory).flatMap((text, i) =>
    named[text] === first + i ? [] : [`${folder}: expected ${text} to have the id ${first + i}, got ${named[text]}`],
  );
  if (count !== memory) problems.push(`${folder}: expected ${memory} memory tokens (doc_max_length / compr_rate), got ${count}`); // prettier-ignore
  if (problems.length > 0) throw new InputError(problems);
}

/** The weights of the model as it was before tokens were added: the first rows of the matrices that have a row a token. */
function withFirstRows(source: WeightSource, rows: number): WeightSource {
  return {
    ...source,
    shape: (name) => {
      const shape = source.shape(name);
      return shape && GROWN.includes(name) ? [rows, shape[1]!] : shape;
    },
    read: async (name) => {
      const values = await source.read(name);
      return GROWN.includes(name) ? values.subarray(0, rows * source.shape(name)![1]!) : values;
    },
  };
}
