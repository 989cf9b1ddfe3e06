import type { LoraSettings } from '../harness/language-model/lora.ts';
import type { PredictContext, System } from '../harness/system.ts';
import type { TrainingSettings } from '../harness/training/training-settings.ts';
import type { Answerer } from './answer-with-text.ts';
import { answerWithText } from './answer-with-text.ts';
import { promptLength } from './text-prompt.ts';
import { textChoice, type TextSettings } from './text-stage.ts';
import { textFullTrainer, textLoraTrainer } from './text-trainers.ts';

/** How the backbone is trained: a LoRA where there is a rank, all of its weights where there is none. */
type TextTraining = TrainingSettings & (LoraSettings | { readonly rank?: undefined });

/** A system that answers from text, with a backbone that is fine-tuned for it. */
export interface FineTunedText<Settings extends Record<string, unknown>> {
  readonly id: string;
  readonly description: string;
  settings(given: Readonly<Record<string, unknown>>): Settings;
  /** What the prompts show, in training and at prediction. */
  text(settings: Settings): TextSettings;
  /** Null where the backbone answers as it is. */
  training(settings: Settings): TextTraining | null;
}

/**
 * The system: prompts, documents and answers are those of the zero-shot text systems (answer-with-text.ts); the backbone has learnt to give the first gold answer to
 * such prompts, with the questions, order, steps and loss of CLaRa's generator.
 */
export function fineTunedText<Settings extends Record<string, unknown>>(what: FineTunedText<Settings>): System {
  const { id, description } = what;
  const choice = (given: Readonly<Record<string, unknown>>) => textChoice(what.text(what.settings(given)));
  return {
    id,
    description,
    settings: (given) => what.settings(given),
    length: (example, given) => promptLength(example, choice(given)),
    training: (given) => {
      const settings = what.settings(given);
      const training = what.training(settings);
      if (!training) return null;
      const trainer = training.rank === undefined ? textFullTrainer : textLoraTrainer;
      return { trainer, settings: { ...what.text(settings), ...training }, from: null };
    },
    // Weights that cannot be had are no question's failure.
    prepare: async (_, context) => {
      const training = what.training(what.settings(context.settings));
      if (training) await answererOf(id, training, context);
    },
    async *predict(examples, context) {
      const training = what.training(what.settings(context.settings));
      const answerer = training ? await answererOf(id, training, context) : undefined;
      yield* answerWithText(examples, context, choice(context.settings), answerer);
    },
  };
}

async function answererOf(id: string, training: TextTraining, { model, trained }: PredictContext): Promise<Answerer> {
  const backbone = await model();
  if (backbone.counting) return backbone;
  if (trained === null) throw new Error(`${id}: expected the folder of its training`);
  const { trainedAnswerer } = await import('./trained-answerer.ts');
  return trainedAnswerer(trained, backbone, training.rank === undefined ? null : training);
}
