import { z } from 'zod';
import { fineTunedText } from './fine-tuned-text.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import { fullTraining } from './text-stage.ts';

const schema = z.strictObject({ docs: docsSetting, prompt: promptSetting, ...fullTraining.shape });

/**
 * `text-lora` with all weights of the backbone in place of a LoRA: embedding, norms and head too. BERGEN's full fine-tuning (config/train/full.yaml: learning rate 5e-5,
 * batch 2) gives the learning rate; batch and schedule are those of the other systems here.
 */
export const textFull = fineTunedText({
  id: 'text-full',
  description: 'documents as text, read by the backbone with all of its weights fine-tuned',
  settings: (given) => checkSettings('text-full', schema, given),
  text: ({ docs, prompt }) => ({ docs, prompt, budget: null, keep: 'first' }),
  training: (settings) => fullTraining.parse(settings),
});
