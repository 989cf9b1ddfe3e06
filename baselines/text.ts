import { z } from 'zod';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { chooseDocuments } from './choose-documents.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';

const schema = z.strictObject({ docs: docsSetting, prompt: promptSetting });

/** Documents as text in the prompt (in-context retrieval-augmented generation): ratio 1, what every compression is measured against. */
export const text: System = {
  id: 'text',
  description: 'documents as text in the prompt (docs: gold, all or the first n)',
  settings: (given) => checkSettings('text', schema, given),
  predict(examples, context) {
    const { docs, prompt } = checkSettings('text', schema, context.settings);
    return answerWithText(examples, context, {
      style: prompt,
      choose: (example) => chooseDocuments(example, docs),
    });
  },
};
