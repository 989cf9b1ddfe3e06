import { z } from 'zod';
import { loraSettings } from '../harness/training/lora-settings.ts';
import { trainingSettings } from '../harness/training/training-settings.ts';
import { budgetSettings } from './document-budget.ts';
import { docsSetting, promptSetting } from './settings.ts';
import type { TextChoice } from './text-prompt.ts';

/** Which tokens of a document stay where a budget cuts it: the first, or those with the highest self-information. */
const KEEP = ['first', 'self-information'] as const;

const textSettings = {
  docs: z.union([z.literal('none'), docsSetting]),
  prompt: promptSetting,
  budget: z.strictObject(budgetSettings).nullable(),
  keep: z.enum(KEEP),
};

/** Settings of the training of a LoRA, alone: what else is in an object is left out. */
export const loraTraining = z.object({ ...loraSettings, ...trainingSettings() });

/** Settings of the training of all weights; the learning rate is that of BERGEN's full fine-tuning (config/train/full.yaml). */
export const fullTraining = z.object(trainingSettings({ learningRate: 5e-5 }));

/** Settings of the stage that trains a LoRA on text. */
export const textLoraStage = z.strictObject({ ...textSettings, ...loraTraining.shape });

/** Settings of the stage that trains all weights on text. */
export const textFullStage = z.strictObject({ ...textSettings, ...fullTraining.shape });

/** The part of a stage's settings that says what a prompt shows. */
export type TextSettings = z.output<z.ZodObject<typeof textSettings>>;

/** What a prompt shows, training's and prediction's alike. */
export function textChoice({ docs, prompt, budget, keep }: TextSettings): TextChoice {
  const shorten: TextChoice['shorten'] = async (texts, model) => {
    const { keepInformative } = await import('./keep-informative.ts');
    return keepInformative(texts, model);
  };
  return { docs, prompt, ...(budget && { budget }), ...(keep === 'self-information' && { shorten }) };
}
