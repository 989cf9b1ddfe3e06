import { train } from '../../training/train.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { compressionVariables, createCompressionModel } from '../create-compression-model.ts';
import { loadCheckpoint } from '../load-checkpoint.ts';
import type { InstructionStage } from '../stage-settings.ts';
import { candidatePlaces } from './candidate-places.ts';
import { writeClaraFile } from './checkpoint-folder.ts';
import { compressionTrainable } from './compression-trainable.ts';
import { instructionItem } from './instruction-item.ts';
import { targetAnswers } from './target-answers.ts';
import { trainedVariables } from './trained-variables.ts';

/**
 * Stage 2, instruction tuning: compressor and generator learn to answer questions from several documents' vectors; the memory tokens stay, unless the settings say
 * otherwise. From pretrained weights, or from fresh ones.
 *
 * @throws InputError where a question has no documents, or a teacher's answers are not what they should be
 */
export async function trainInstruction(settings: InstructionStage, context: TrainContext): Promise<void> {
  const base = await context.model();
  const model = createCompressionModel(base, settings, context.seed);
  const { encoder, decoder, memory, tables } = compressionVariables(model);
  const { trained, frozen } = trainedVariables(model, {
    decoder: settings.train !== 'encoder',
    memory: settings.memoryTokens === 'trained',
  });
  const trainable = compressionTrainable(model, trained, settings.alignment, settings);
  try {
    if (context.from) {
      const kept = [...encoder, memory, ...tables, ...(settings.decoder === 'continued' ? decoder : [])];
      await loadCheckpoint(context.from, settings.ratio, kept);
    }
    const places = candidatePlaces(context.examples, settings.docs, 1);
    const answers = await targetAnswers(context.examples, settings.answers);
    const items = context.examples.map((example, at) => instructionItem(model, example, places[at]!, answers[at]!));
    await train(trainable, items, settings, { ...context, frozen });
    const k = Math.max(...items.map(({ documents }) => documents.length));
    await writeClaraFile(context.folder, model, base, { stage: 'instruction', k });
  } finally {
    trainable.dispose();
    model.dispose();
  }
}
