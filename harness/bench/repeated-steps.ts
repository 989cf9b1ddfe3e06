import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { AdamW } from '../training/adamw.ts';
import { takeStep } from '../training/take-step.ts';
import type { NamedVariable, Trainable } from '../training/trainable.ts';
import { trainingSettings } from '../training/training-settings.ts';
import type { ComparedWorkload } from './workloads.ts';

/** Learning rate of the steps. */
export const LEARNING_RATE = 1e-3;

/** Steps of AdamW with one batch, and the loss of each. */
export function repeatedSteps<Item>(trainable: Trainable<Item>, items: readonly Item[]): ComparedWorkload {
  const settings = z
    .object(trainingSettings())
    .parse({ steps: 1, batch: items.length, microBatch: items.length, learningRate: LEARNING_RATE });
  const optimiser = new AdamW(trainable.variables.map(({ variable }: NamedVariable) => variable), settings); // prettier-ignore
  const entries = items.map((item, at) => ({ item, name: String(at) }));
  let step = 0;
  return async () => {
    const started = performance.now();
    const { terms } = await takeStep(trainable, entries, optimiser, LEARNING_RATE, settings, ++step);
    return { rate: (1000 * items.length) / (performance.now() - started), results: [terms.loss!] };
  };
}
