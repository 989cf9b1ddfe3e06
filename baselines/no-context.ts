import { z } from 'zod';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { checkSettings, promptSetting } from './settings.ts';

const schema = z.strictObject({ prompt: promptSetting });

/** Answers from what the model knows: the floor that every use of documents must beat. */
export const noContext: System = {
  id: 'no-context',
  description: 'the question alone, without documents',
  settings: (given) => checkSettings('no-context', schema, given),
  predict(examples, context) {
    const { prompt } = checkSettings('no-context', schema, context.settings);
    return answerWithText(examples, context, { style: prompt, choose: () => [] });
  },
};
