import type { Example } from '../datasets/example.ts';
import { memoryCount } from '../harness/clara/memory-count.ts';
import { documentText } from '../harness/prompt.ts';
import type { Trainable } from '../harness/training/trainable.ts';
import type { TrainContext, Trainer } from '../harness/training/training-stage.ts';
import type { TrainingSettings } from '../harness/training/training-settings.ts';
import { chooseDocuments } from './choose-documents.ts';
import { checkSettings } from './settings.ts';
import { textChoice, textFullStage, textLoraStage, type TextSettings } from './text-stage.ts';
import type { TrainingSequence } from './training-sequences.ts';

/** The generator's adapter in `weights.safetensors`, as in CLaRa's. */
export const TEXT_ADAPTER = 'decoder_adapter';

/** Tokens of the system turn and the chat template, about. */
const TEMPLATE_TOKENS = 60;
/** Questions whose tokens are counted for an estimate. */
const SAMPLE = 100;

/** Trains a LoRA of the backbone to answer from text. */
export const textLoraTrainer: Trainer = {
  id: 'text/lora',
  async train(given, context) {
    const { createLoraAdapter, disposeLoraAdapter } = await import('../harness/language-model/lora.ts');
    const { loraInitialisation } = await import('../harness/language-model/lora-initialisation.ts');
    const settings = loraSettingsOf(given);
    const { dropout, checkpointed } = settings;
    const { config, weights } = await context.model();
    const adapter = createLoraAdapter(config, settings, loraInitialisation(context.seed));
    try {
      const variables = adapter.matrices.map((matrix) => ({ ...matrix, name: `${TEXT_ADAPTER}.${matrix.name}` }));
      const { sequenceTrainable } = await import('../harness/training/sequence-trainable.ts');
      const pass = { adapter: adapter.blocks, checkpointed };
      const trainable = sequenceTrainable<TrainingSequence>({ config, weights }, { variables, pass, dropout });
      await trainOnText(trainable, settings, context);
    } finally {
      disposeLoraAdapter(adapter);
    }
  },
  rows: (given, examples, count) => rows(loraSettingsOf(given), examples, count),
};

/** Trains all weights of the backbone to answer from text. Beside the backbone it holds the weights, their gradients and two moments. */
export const textFullTrainer: Trainer = {
  id: 'text/full',
  async train(given, context) {
    const { trainableWeights } = await import('../harness/training/trainable-weights.ts');
    const settings = fullSettingsOf(given);
    const model = await context.model();
    const { config } = model;
    const { weights, variables } = trainableWeights(config, model.weights);
    try {
      const { sequenceTrainable } = await import('../harness/training/sequence-trainable.ts');
      const pass = { trainWeights: true, checkpointed: settings.checkpointed };
      const trainable = sequenceTrainable<TrainingSequence>({ config, weights }, { variables, pass, dropout: 0 });
      await trainOnText(trainable, settings, context);
    } finally {
      for (const { variable } of variables) variable.dispose();
    }
  },
  rows: (given, examples, count) => rows(fullSettingsOf(given), examples, count),
};

async function trainOnText(
  trainable: Trainable<TrainingSequence>,
  settings: TextSettings & TrainingSettings,
  { model, examples, folder, seed, onProgress }: TrainContext,
): Promise<void> {
  const { train } = await import('../harness/training/train.ts');
  const { trainingSequences } = await import('./training-sequences.ts');
  const sequences = await trainingSequences(examples, await model(), textChoice(settings));
  try {
    await train(trainable, sequences, settings, { folder, seed, onProgress, nameOf: ({ id }) => id });
  } finally {
    trainable.dispose();
  }
}

/** Rows of the whole training, from the lengths of at most SAMPLE of the questions. */
function rows(
  { docs, budget, steps, batch }: TextSettings & TrainingSettings,
  examples: readonly Example[],
  count: (text: string) => number,
): number {
  const every = Math.max(1, Math.floor(examples.length / SAMPLE));
  const lengths = examples
    .filter((_, i) => i % every === 0)
    .map((example) => {
      const documents = chooseDocuments(example, docs).map((index) => {
        const tokens = count(documentText(example.docs[index]!));
        return budget ? Math.min(tokens, memoryCount(budget, tokens)) : tokens;
      });
      const own = TEMPLATE_TOKENS + count(example.question) + count(example.answers[0]!);
      return documents.reduce((sum, tokens) => sum + tokens, own);
    });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return Math.round(steps * batch * mean);
}

function loraSettingsOf(given: Readonly<Record<string, unknown>>) {
  return checkSettings(textLoraTrainer.id, textLoraStage, given);
}

function fullSettingsOf(given: Readonly<Record<string, unknown>>) {
  return checkSettings(textFullTrainer.id, textFullStage, given);
}
