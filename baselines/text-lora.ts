import { z } from 'zod';
import { fineTunedText } from './fine-tuned-text.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import { loraTraining } from './text-stage.ts';

const schema = z.strictObject({ docs: docsSetting, prompt: promptSetting, ...loraTraining.shape });

/**
 * The backbone with a LoRA, fine-tuned to answer from the documents' text: what a compression must be compared with that is trained itself. The recipe is known as
 * retrieval-augmented fine-tuning; BERGEN's (config/train/lora.yaml: rank 32, alpha 64, dropout 0.1, learning rate 1e-4, batch 8, warm-up 0.05, weight decay 0.1) differs
 * in these settings from the defaults here, which are those of CLaRa's stages, so that the two differ in what stands for the documents only.
 */
export const textLora = fineTunedText({
  id: 'text-lora',
  description: 'documents as text, read by the backbone with a fine-tuned LoRA',
  settings: (given) => checkSettings('text-lora', schema, given),
  text: ({ docs, prompt }) => ({ docs, prompt, budget: null, keep: 'first' }),
  training: (settings) => loraTraining.parse(settings),
});
