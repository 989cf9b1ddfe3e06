import type { Example } from '../datasets/example.ts';
import type { LanguageModel } from '../harness/language-model/language-model.ts';
import type { Prediction } from '../harness/prediction.ts';
import { documentText, questionMessages, type PromptStyle } from '../harness/prompt.ts';
import type { Failure, PredictContext } from '../harness/system.ts';
import { chooseDocuments, type DocumentChoice } from './choose-documents.ts';
import { firstTokens } from './first-tokens.ts';

/** What a system that puts text into the prompt decides; the settings of the systems are such choices. */
export interface TextChoice {
  readonly docs: DocumentChoice;
  /** Each document keeps its first ceil(tokens / ratio) tokens; 1 keeps them all. */
  readonly ratio?: number;
  readonly prompt: PromptStyle;
}

/** About how many characters the prompt for an example has, template aside. */
export function promptLength(example: Example, { docs, ratio = 1 }: TextChoice): number {
  const characters = chooseDocuments(example, docs).map((index) => documentText(example.docs[index]!).length);
  return example.question.length + characters.reduce((sum, count) => sum + Math.ceil(count / ratio), 0);
}

interface Passage {
  readonly index: number;
  readonly text: string;
  readonly tokens: number;
}

interface Prompt {
  readonly ids: readonly number[];
  readonly selected: number[];
  readonly tokens: { source: number; vectors: number; truncated: number };
}

/**
 * Answers a block of questions with the text of their documents in the prompt, all in one call of the model.
 *
 * Token counts: `source`, the chosen documents' text, each tokenised alone; `vectors`, what of it stands in the prompt, so that source / vectors is the measured
 * compression ratio; `truncated`, what did not fit into the model's context. A prompt that is too long loses document tokens from its end; question and template stay whole.
 */
export async function* answerWithText(
  examples: readonly Example[],
  context: PredictContext,
  choice: TextChoice,
): AsyncGenerator<Prediction | Failure> {
  const model = await context.model();
  const prompts = examples.map((example) => promptOrFailure(example, model, context.maxNewTokens, choice));
  const answerable = prompts.filter((prompt) => 'ids' in prompt);
  const generations = await model.generate(
    answerable.map((prompt) => prompt.ids),
    { maxNewTokens: context.maxNewTokens, batch: context.batch, seed: context.seed },
  );
  let next = 0;
  for (const [at, prompt] of prompts.entries()) {
    if (!('ids' in prompt)) {
      yield prompt;
      continue;
    }
    const generation = generations[next++]!;
    yield {
      id: examples[at]!.id,
      prediction: generation.text,
      selected: prompt.selected,
      tokens: { ...prompt.tokens, prompt: prompt.ids.length, output: generation.ids.length },
      ms: { ...generation.ms },
    };
  }
}

function promptOrFailure(
  example: Example,
  model: LanguageModel,
  maxNewTokens: number,
  choice: TextChoice,
): Prompt | Failure {
  try {
    return buildPrompt(example, model, maxNewTokens, choice);
  } catch (error) {
    return { id: example.id, error: error instanceof Error ? error.message : String(error) };
  }
}

function buildPrompt(example: Example, model: LanguageModel, maxNewTokens: number, choice: TextChoice): Prompt {
  const { tokenizer } = model;
  const question = tokenizer.withoutControlTokens(example.question);
  const count = (text: string): number => tokenizer.encode(text).length;
  const room = model.config.contextLength - maxNewTokens;
  const { docs, ratio = 1, prompt } = choice;
  const chosen = chooseDocuments(example, docs);
  if (chosen.length === 0 && docs !== 'none') {
    throw new Error(
      docs === 'gold' ? 'the example names no gold passages (pos_index is empty)' : 'the example has no documents',
    );
  }
  let source = 0;
  let passages: Passage[] = chosen.map((index) => {
    const whole = tokenizer.withoutControlTokens(documentText(example.docs[index]!));
    const tokens = count(whole);
    source += tokens;
    const text = ratio === 1 ? whole : firstTokens(whole, Math.ceil(tokens / ratio), tokenizer);
    return { index, text, tokens: text === whole ? tokens : count(text) };
  });
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
      return { ids, selected, tokens: { source, vectors: kept, truncated: vectors - kept } };
    }
    if (passages.length === 0) {
      throw new Error(
        `the question and the template need ${ids.length} tokens; the model's context leaves ${room} (${model.config.contextLength} less ${maxNewTokens} new ones)`,
      );
    }
    passages = shorten(passages, ids.length - room);
  }

  /** The passages without their last `excess` tokens; a passage of which nothing is left is dropped. */
  function shorten(whole: readonly Passage[], excess: number): Passage[] {
    const kept = [...whole];
    for (let left = excess; left > 0 && kept.length > 0;) {
      const last = kept.pop()!;
      const limit = last.tokens - left;
      if (limit > 0) {
        const text = firstTokens(last.text, limit, tokenizer);
        kept.push({ ...last, text, tokens: count(text) });
      }
      left -= last.tokens;
    }
    return kept;
  }
}

function total(passages: readonly Passage[]): number {
  return passages.reduce((sum, { tokens }) => sum + tokens, 0);
}
