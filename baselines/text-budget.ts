import { z } from 'zod';
import { expected } from '../harness/expected.ts';
import type { System } from '../harness/system.ts';
import { answerWithText, promptLength } from './answer-with-text.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';

const RATIO = 'a number of at least 1';
const schema = z.strictObject({
  docs: docsSetting,
  ratio: z.number(expected(RATIO)).min(1, expected(RATIO)),
  prompt: promptSetting,
});

/**
 * The text that costs as much as compression at `ratio` would: each document (`title: text`) is cut to its first ceil(tokens / ratio) tokens,
 * document by document, so that each keeps its share of the prompt as a compressed one keeps its memory tokens.
 */
export const textBudget: System = {
  id: 'text-budget',
  description: 'as text, each document cut to the tokens that a compression ratio would leave',
  settings: choice,
  length: (example, given) => promptLength(example, choice(given)),
  predict: (examples, context) => answerWithText(examples, context, choice(context.settings)),
};

function choice(given: Readonly<Record<string, unknown>>) {
  return checkSettings('text-budget', schema, given);
}
