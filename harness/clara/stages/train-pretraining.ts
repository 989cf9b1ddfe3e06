import { train } from '../../training/train.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { createCompressionModel } from '../create-compression-model.ts';
import type { PretrainingStage } from '../stage-settings.ts';
import { writeClaraFile } from './checkpoint-folder.ts';
import { compressionTrainable } from './compression-trainable.ts';
import { pretrainingItems } from './pretraining-items.ts';
import { trainedVariables } from './trained-variables.ts';

/**
 * Stage 1, compression pretraining (SCP): compressor, memory tokens and generator learn questions, answers and paraphrases from single documents; with several ratios from each document at
 * each of them, by the first memory tokens (the others are classes of the output all the same, which moves the loss by less than the logarithm of their share).
 */
export async function trainPretraining(settings: PretrainingStage, context: TrainContext): Promise<void> {
  const base = await context.model();
  const model = createCompressionModel(base, settings, context.seed);
  const { trained, frozen } = trainedVariables(model, {
    decoder: settings.train !== 'encoder',
    memory: settings.compressor === 'memory-tokens',
    special: settings.data === 'autoencoding',
  });
  const trainable = compressionTrainable(model, trained, settings.alignment, settings);
  try {
    await train(trainable, pretrainingItems(model, settings, context), settings, { ...context, frozen });
    await writeClaraFile(context.folder, model, base, { stage: 'pretraining', k: 1, ratios: settings.ratios });
  } finally {
    trainable.dispose();
    model.dispose();
  }
}
