import type { Example } from '../datasets/example.ts';
import { memoryCount, type MemorySettings } from '../harness/clara/memory-count.ts';
import type { LanguageModel } from '../harness/language-model/language-model.ts';
import type { Message } from '../harness/language-model/tokenizer/tokenizer.ts';
import { documentText, questionMessages, type PromptStyle } from '../harness/prompt.ts';
import type { Failure } from '../harness/system.ts';
import { chooseDocuments, type DocumentChoice } from './choose-documents.ts';
import { firstTokens } from './first-tokens.ts';

/** A document, the tokens that are read of it, and those that may stay. */
export interface LimitedText {
  readonly text: string;
  readonly read: number;
  readonly limit: number;
}

/** Shortens texts to their limits, all of a block in one call. */
export type ShortenTexts = (texts: readonly LimitedText[], model: LanguageModel) => Promise<string[]>;

/** What a system that puts text into the prompt decides; the settings of the systems are such choices. */
export interface TextChoice {
  readonly docs: DocumentChoice;
  readonly prompt: PromptStyle;
  /** What each document is cut to; all of it stays by default. */
  readonly budget?: MemorySettings;
  /** Which of its tokens stay; the first by default. */
  readonly shorten?: ShortenTexts;
}

/** A question as the generator is asked it. */
export interface TextPrompt {
  readonly messages: readonly Message[];
  readonly ids: readonly number[];
  /** Indexes of the documents in the prompt. */
  readonly selected: number[];
  readonly tokens: { readonly source: number; readonly vectors: number; readonly truncated: number };
}

interface Passage {
  readonly index: number;
  readonly text: string;
  readonly tokens: number;
}

/** Characters of a token of English text, about. */
const TOKEN_CHARACTERS = 4;

/** About how many characters the prompt for an example has, template aside. */
export function promptLength(example: Example, { docs, budget }: TextChoice): number {
  const characters = chooseDocuments(example, docs).map((index) => documentText(example.docs[index]!).length);
  const inCharacters = budget && { ...budget, documentMaxLength: TOKEN_CHARACTERS * budget.documentMaxLength };
  const kept = (count: number): number => (inCharacters ? Math.min(count, memoryCount(inCharacters, count)) : count);
  return example.question.length + characters.reduce((sum, count) => sum + kept(count), 0);
}

/**
 * The prompts for a block of examples, in their order.
 *
 * Token counts: `source`, the chosen documents' text, each tokenised alone; `vectors`, what of it stands in the prompt, so that source / vectors is the measured
 * compression ratio; `truncated`, what did not fit. A prompt that is too long loses document tokens from its end; question and template stay whole.
 *
 * @param room tokens that each prompt may have at most
 */
export async function textPrompts(
  examples: readonly Example[],
  model: LanguageModel,
  choice: TextChoice,
  room: readonly number[],
): Promise<(TextPrompt | Failure)[]> {
  const { tokenizer } = model;
  const { budget } = choice;
  // A plan has no weights to choose tokens with; there are as many of them anyway.
  const shorten = (model.counting ? undefined : choice.shorten) ?? shortenToFirst;
  const count = (text: string): number => tokenizer.encode(text).length;
  const wholes = examples.map((example) =>
    chooseDocuments(example, choice.docs).map((index): Passage => {
      const text = tokenizer.withoutControlTokens(documentText(example.docs[index]!));
      return { index, text, tokens: count(text) };
    }),
  );
  const cut = budget
    ? wholes.flat().flatMap((passage) => {
        const limit = memoryCount(budget, passage.tokens);
        return limit < passage.tokens ? [{ ...passage, passage, read: budget.documentMaxLength, limit }] : [];
      })
    : [];
  const shortened = new Map<Passage, Passage>();
  (await shorten(cut, model)).forEach((text, i) => {
    const { passage } = cut[i]!;
    shortened.set(passage, { ...passage, text, tokens: count(text) });
  });
  return examples.map((example, i) => {
    try {
      const passages = wholes[i]!.map((passage) => shortened.get(passage) ?? passage);
      return fitting(example, model, choice, { passages, source: total(wholes[i]!), room: room[i]! });
    } catch (error) {
      return { id: example.id, error: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** Keeps the beginning of each text. */
function shortenToFirst(texts: readonly LimitedText[], { tokenizer }: LanguageModel): Promise<string[]> {
  return Promise.resolve(texts.map(({ text, limit }) => firstTokens(text, limit, tokenizer)));
}

/** The prompt, without the document tokens that are too many for the room. */
function fitting(
  example: Example,
  model: LanguageModel,
  { docs, prompt }: TextChoice,
  given: { readonly passages: readonly Passage[]; readonly source: number; readonly room: number },
): TextPrompt {
  const { tokenizer } = model;
  const { source, room } = given;
  let { passages } = given;
  if (passages.length === 0 && docs !== 'none') {
    throw new Error(
      docs === 'gold' ? 'the example names no gold passages (pos_index is empty)' : 'the example has no documents',
    );
  }
  const question = tokenizer.withoutControlTokens(example.question);
  const vectors = total(passages);
  for (;;) {
    const messages = questionMessages(
      question,
      passages.map(({ text }) => text),
      prompt,
    );
    const ids = tokenizer.encode(model.renderChat(messages, { addGenerationPrompt: true }));
    if (ids.length <= room) {
      const kept = total(passages);
      const selected = passages.map(({ index }) => index);
      return { messages, ids, selected, tokens: { source, vectors: kept, truncated: vectors - kept } };
    }
    if (passages.length === 0) {
      const { contextLength } = model.config;
      throw new Error(
        `the question and the template need ${ids.length} tokens; the model's context leaves ${room} (${contextLength} less ${contextLength - room} new ones)`,
      );
    }
    passages = withoutLast(passages, ids.length - room, model);
  }
}

/** The passages without their last `excess` tokens; a passage of which nothing is left is dropped. */
function withoutLast(whole: readonly Passage[], excess: number, { tokenizer }: LanguageModel): Passage[] {
  const kept = [...whole];
  for (let left = excess; left > 0 && kept.length > 0;) {
    const last = kept.pop()!;
    const limit = last.tokens - left;
    if (limit > 0) {
      const text = firstTokens(last.text, limit, tokenizer);
      kept.push({ ...last, text, tokens: tokenizer.encode(text).length });
    }
    left -= last.tokens;
  }
  return kept;
}

function total(passages: readonly Passage[]): number {
  return passages.reduce((sum, { tokens }) => sum + tokens, 0);
}
