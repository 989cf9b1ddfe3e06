import { z } from 'zod';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { promptLength } from './text-prompt.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';

const schema = z.strictObject({ docs: docsSetting, prompt: promptSetting });

/** Documents as text in the prompt (in-context retrieval-augmented generation): ratio 1, what every compression is measured against. */
export const text: System = {
  id: 'text',
  description: 'documents as text in the prompt (docs: gold, all or the first n)',
  settings: choice,
  length: (example, given) => promptLength(example, choice(given)),
  predict: (examples, context) => answerWithText(examples, context, choice(context.settings)),
};

function choice(given: Readonly<Record<string, unknown>>) {
  return checkSettings('text', schema, given);
}
