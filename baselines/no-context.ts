import { z } from 'zod';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { promptLength } from './text-prompt.ts';
import { checkSettings, promptSetting } from './settings.ts';

const schema = z.strictObject({ prompt: promptSetting });

/** Answers from what the model knows: the floor that every use of documents must beat. */
export const noContext: System = {
  id: 'no-context',
  description: 'the question alone, without documents',
  settings: choice,
  length: (example, given) => promptLength(example, { docs: 'none', ...choice(given) }),
  predict: (examples, context) => answerWithText(examples, context, { docs: 'none', ...choice(context.settings) }),
};

function choice(given: Readonly<Record<string, unknown>>) {
  return checkSettings('no-context', schema, given);
}
