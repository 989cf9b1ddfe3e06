import { tf } from '../engine/tensorflow.ts';
import { accumulateGradients } from './accumulate-gradients.ts';
import { clipGradients } from './clip-gradients.ts';
import { deriveSeed } from './derive-seed.ts';
import { microBatches } from './micro-batches.ts';
import { checkFinite } from './not-a-number.ts';
import type { Optimiser } from './optimiser.ts';
import type { Terms } from './terms.ts';
import type { Trainable } from './trainable.ts';
import type { Entry } from './training-data.ts';
import type { TrainingSettings } from './training-settings.ts';

/**
 * One update of the weights by a batch.
 *
 * @param seed of the step; each micro-batch has its own of it
 * @throws NotANumber where a loss or the gradients' norm is not a finite number; the weights are as before then
 */
export async function takeStep<Item>(
  trainable: Trainable<Item>,
  batch: readonly Entry<Item>[],
  optimiser: Optimiser,
  learningRate: number,
  { microBatch, clip }: Pick<TrainingSettings, 'microBatch' | 'clip'>,
  seed: number,
): Promise<{ terms: Terms; gradientNorm: number; tokens: number }> {
  const names = (entries: readonly Entry<Item>[]): string[] => entries.map(({ name }) => name);
  const groups = microBatches(batch, microBatch, ({ item }) => trainable.tokens(item));
  const { terms, gradients } = await accumulateGradients(
    groups,
    (entries, index) => trainable.gradients(entries.map(({ item }) => item), deriveSeed(seed, index)), // prettier-ignore
    (entries, each) => checkFinite(each, () => names(entries)),
  );
  const { norm, gradients: clipped } = clipGradients(gradients, clip);
  try {
    checkFinite({ 'the norm of the gradients': norm }, () => names(batch));
    optimiser.step(clipped, learningRate);
  } finally {
    tf.dispose(clipped);
  }
  return { terms, gradientNorm: norm, tokens: batch.reduce((sum, { item }) => sum + trainable.tokens(item), 0) };
}
