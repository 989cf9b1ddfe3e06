import { z } from 'zod';
import { fineTunedText } from './fine-tuned-text.ts';
import { checkSettings, promptSetting } from './settings.ts';
import { loraTraining } from './text-stage.ts';

const schema = z.strictObject({ prompt: promptSetting, ...loraTraining.shape });

/** The LoRA of `text-lora` trained without documents: what the questions and the form of the answers teach by themselves. A compression that is not above it carries nothing. */
export const noContextLora = fineTunedText({
  id: 'no-context-lora',
  description: 'the question alone, asked of the backbone with a fine-tuned LoRA',
  settings: (given) => checkSettings('no-context-lora', schema, given),
  text: ({ prompt }) => ({ docs: 'none', prompt, budget: null, keep: 'first' }),
  training: (settings) => loraTraining.parse(settings),
});
