import { z } from 'zod';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { budgetSettings } from './document-budget.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import { promptLength, type TextChoice } from './text-prompt.ts';

const schema = z.strictObject({ docs: docsSetting, prompt: promptSetting, ...budgetSettings });

/**
 * The text that costs as much as compression at `ratio` would: each document (`title: text`) is cut to as many of its first tokens as compression has vectors
 * (document-budget.ts), document by document, so that each keeps its share of the prompt as a compressed one keeps its memory tokens.
 */
export const textBudget: System = {
  id: 'text-budget',
  description: 'as text, each document cut to the tokens that a compression ratio would leave',
  settings: checked,
  length: (example, given) => promptLength(example, choice(given)),
  predict: (examples, context) => answerWithText(examples, context, choice(context.settings)),
};

function choice(given: Readonly<Record<string, unknown>>): TextChoice {
  const { docs, prompt, ...budget } = checked(given);
  return { docs, prompt, budget };
}

function checked(given: Readonly<Record<string, unknown>>) {
  return checkSettings('text-budget', schema, given);
}
