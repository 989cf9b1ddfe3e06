import { z } from 'zod';
import { expected } from '../harness/expected.ts';
import { budgetSettings } from './document-budget.ts';
import { fineTunedText } from './fine-tuned-text.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import { loraTraining } from './text-stage.ts';

const TRAINED = 'true or false';
const shape = { docs: docsSetting, prompt: promptSetting, ...budgetSettings };
const zeroShot = z.object({ ...shape, trained: z.literal(false, expected(TRAINED)).default(false) });
/** Settings of the training are checked and left out, so that a suite may ask for both with one list (`trained: [false, true]`). */
const untrained = z.strictObject({ ...zeroShot.shape, ...loraTraining.partial().shape });
const fineTuned = z.strictObject({ ...shape, trained: z.literal(true), ...loraTraining.shape });
type Settings = z.output<typeof zeroShot> | z.output<typeof fineTuned>;

/**
 * Hard compression (Li et al., 2023, Selective Context, arXiv 2310.06201): of each document the tokens with the highest self-information, -log p(token | the tokens before
 * it), stay, in their order; as many as compression at the ratio has vectors. `trained: true` fine-tunes the LoRA of `text-lora` on such text.
 *
 * Differs from its publication: the unit is the token (the paper's default is the noun phrase), the model that tells the self-information is the backbone itself (GPT-2 there), each
 * document has its own share of the budget, and only its first documentMaxLength tokens are read, as by the compressors.
 */
export const selectiveContext = fineTunedText<Settings>({
  id: 'selective-context',
  description: 'as text, of each document the most informative tokens, as many as a compression ratio would leave',
  settings: (given) =>
    given.trained === true
      ? checkSettings('selective-context', fineTuned, given)
      : zeroShot.parse(checkSettings('selective-context', untrained, given)),
  text: ({ docs, prompt, ratio, memory, documentMaxLength }) => ({
    ...{ docs, prompt, budget: { ratio, memory, documentMaxLength }, keep: 'self-information' },
  }),
  training: (settings) => (settings.trained ? loraTraining.parse(settings) : null),
});
