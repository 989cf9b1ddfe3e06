// Trains the tiny model in a folder, as a process of its own that tests kill.
//
//   node --import tsx tests/harness/training/train-tiny.ts FOLDER
import path from 'node:path';
import { z } from 'zod';
import { GraphCache } from '../../../harness/engine/graph-cache.ts';
import { train } from '../../../harness/training/train.ts';
import { trainingSettings } from '../../../harness/training/training-settings.ts';
import { tinyItems, tinyTrainable } from './tiny-trainable.ts';

const [folder, recorded] = process.argv.slice(2);
// Files are written often, so that many kills fall on them.
const settings = z
  .strictObject(
    trainingSettings({
      steps: 12,
      batch: 5,
      microBatch: 2,
      learningRate: 3e-3,
      saveEvery: 2,
      validation: { share: 0.2, every: 1, patience: null },
    }),
  )
  .parse({});
const trainable = await tinyTrainable(path.join(folder!, 'model'), recorded ? new GraphCache() : undefined);
await train(trainable, tinyItems(14), settings, {
  folder: path.join(folder!, 'training'),
  seed: 3,
  onProgress: ({ step }) => process.stdout.write(`${step}\n`),
});
