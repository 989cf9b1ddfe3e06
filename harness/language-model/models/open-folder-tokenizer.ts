import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { readJson } from '../../files/read-json.ts';
import { chatTemplate, type RenderChat } from '../tokenizer/chat-template.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { tokenizerJsonSchema, type TokenizerJson } from '../tokenizer/tokenizer-json.ts';

/** The largest vocabularies in use (256,000 tokens with their merges) make files of about 35 MB. */
const MAX_TOKENIZER_BYTES = 256 * 1024 * 1024;
/** Templates and settings have some 10 kB; a list of reserved tokens makes 200 kB. */
const MAX_SETTINGS_BYTES = 16 * 1024 * 1024;

const token = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish();
const id = z.number().int().min(0);
const settingsSchema = z.looseObject({
  bos_token: token,
  eos_token: token,
  pad_token: token,
  chat_template: z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]).nullish(),
  /** Of this project's own models: the template leaves system turns out on purpose. */
  omit_system_turn: z.boolean().optional(),
});
const generationSchema = z.looseObject({
  eos_token_id: z.union([id.transform((one) => [one]), z.array(id)]).nullish(),
  pad_token_id: id.nullish(),
});
const templateSchema = z.looseObject({ chat_template: z.string() });

/**
 * The tokenizer and the chat template of a folder in Hugging Face's layout. Where generation ends is said by generation_config.json, else by config.json, else by
 * the tokenizer's own end token. The chat template is chat_template.jinja, else chat_template.json, else the one in tokenizer_config.json (`default` of several).
 *
 * @param configEnds `eos_token_id` of config.json.
 * @throws InputError where a file is missing or wrong.
 */
export async function openFolderTokenizer(
  folder: string,
  configEnds: readonly number[],
): Promise<{ tokenizer: Tokenizer; renderChat: RenderChat }> {
  const file = path.join(folder, 'tokenizer.json');
  const json = await readJson(file, tokenizerJsonSchema, MAX_TOKENIZER_BYTES);
  const settings = await optionalJson(path.join(folder, 'tokenizer_config.json'), settingsSchema);
  const generation = await optionalJson(path.join(folder, 'generation_config.json'), generationSchema);
  const idOf = (text: string | null | undefined) => (text ? (findId(json, text) ?? null) : null);

  const own = idOf(settings?.eos_token);
  const fallback = configEnds.length > 0 ? configEnds : own === null ? [] : [own];
  const endIds = generation?.eos_token_id ?? fallback;
  const padId = generation?.pad_token_id ?? idOf(settings?.pad_token) ?? endIds[0] ?? 0;
  const tokenizer = createTokenizer(json, { endIds, beginId: idOf(settings?.bos_token), padId }, file);

  const tokens = { bos_token: settings?.bos_token ?? undefined, eos_token: settings?.eos_token ?? undefined };
  const template = await findTemplate(folder, settings?.chat_template);
  return {
    tokenizer,
    renderChat: chatTemplate(template, tokens, folder, { omitSystemTurn: settings?.omit_system_turn }),
  };
}

function findId(json: TokenizerJson, text: string): number | undefined {
  const added = json.added_tokens.find(({ content }) => content === text);
  const { vocab } = json.model;
  return added?.id ?? (Array.isArray(vocab) ? undefined : vocab[text]);
}

async function findTemplate(
  folder: string,
  given: z.infer<typeof settingsSchema>['chat_template'],
): Promise<string | undefined> {
  const alone = path.join(folder, 'chat_template.jinja');
  const info = await stat(alone).catch(() => undefined);
  if (info) {
    if (info.size > MAX_SETTINGS_BYTES) {
      throw new InputError(`${alone}: expected at most ${MAX_SETTINGS_BYTES} bytes, got ${info.size}`);
    }
    return readFile(alone, 'utf8');
  }
  const beside = await optionalJson(path.join(folder, 'chat_template.json'), templateSchema);
  if (beside) return beside.chat_template;
  if (typeof given === 'string' || !given) return given ?? undefined;
  return (given.find(({ name }) => name === 'default') ?? given[0])?.template;
}

async function optionalJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  return (await stat(file).catch(() => undefined)) ? readJson(file, schema, MAX_SETTINGS_BYTES) : undefined;
}
