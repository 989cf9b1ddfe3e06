import { z } from 'zod';
import { budgetSettings } from './document-budget.ts';
import { fineTunedText } from './fine-tuned-text.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import { loraTraining } from './text-stage.ts';

const schema = z.strictObject({
  docs: docsSetting,
  prompt: promptSetting,
  ...budgetSettings,
  ...loraTraining.shape,
});

/**
 * `text-budget`, fine-tuned: each document is cut to as many of its first tokens as compression has vectors, and the LoRA of `text-lora` learns to answer from what is
 * left. Vectors that are not better than plain tokens of the same number do not compress.
 */
export const textBudgetLora = fineTunedText({
  id: 'text-budget-lora',
  description: 'as text-lora, each document cut to the tokens that a compression ratio would leave',
  settings: (given) => checkSettings('text-budget-lora', schema, given),
  text: ({ docs, prompt, ratio, memory, documentMaxLength }) => ({
    ...{ docs, prompt, budget: { ratio, memory, documentMaxLength }, keep: 'first' },
  }),
  training: (settings) => loraTraining.parse(settings),
});
