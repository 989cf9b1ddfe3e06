import { copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import type { TrainingStage } from '../training/training-stage.ts';
import { ADAPTER_NAMES } from './adapter-names.ts';
import type { CompressionSettings } from './compression-settings.ts';
import { CLARA_FILE } from './clara-file.ts';
import { finishedCheckpoint, type FinishedCheckpoint } from './finished-checkpoint.ts';

/** Id of the trainer that takes over what was pretrained elsewhere. */
export const FINISHED_PRETRAINING = 'clara/finished-pretraining';

const FILES = { weights: 'weights.safetensors', clara: CLARA_FILE } as const;
const sha256 = z.string();

/** What a job that takes a finished checkpoint over is told of it, in its settings: they are in its key, and reports read them. */
export const finishedSettings = z.object({
  checkpoint: z.strictObject({
    name: z.string(),
    shipped: z.boolean(),
    weights: sha256,
    clara: sha256,
    /** Of its training, where it says so. */
    made: z
      .strictObject({
        benchmark: z.string(),
        questions: z.number(),
        tokens: z.number(),
        loss: z.number().nullable(),
        seed: z.number(),
      })
      .nullable(),
  }),
});

/**
 * In place of compression pretraining, a checkpoint that was finished elsewhere: a stage that copies it. Its settings are those of the checkpoint's own training, where it says them.
 *
 * @param common what the system's stages agree on
 * @throws InputError with all in which the checkpoint is not what the system needs
 */
export function finishedPretraining(given: string, common: CompressionSettings): TrainingStage {
  const checkpoint = finishedCheckpoint(given);
  checkFit(checkpoint, given, common);
  const { name, shipped, file, hashes, manifest } = checkpoint;
  const { compressor, ratio, ratios, documentMaxLength, memory, positions, rank, alpha, modules } = file;
  const made = manifest && {
    benchmark: `${manifest.benchmark.id} (${manifest.benchmark.split})`,
    questions: manifest.examples.count,
    tokens: manifest.tokens,
    loss: manifest.loss,
    seed: manifest.seed,
  };
  return {
    trainer: {
      id: FINISHED_PRETRAINING,
      train: (_, { folder }) => takeOver(checkpoint, folder),
      rows: () => 0,
    },
    settings: {
      ...(manifest?.settings ?? { compressor, ratio, ...(ratios && { ratios }), documentMaxLength, memory, positions, rank, alpha, modules }), // prettier-ignore
      checkpoint: { name, shipped, ...hashes, made },
    },
    from: null,
    ...(file.model && { backbone: file.model }),
  };
}

function checkFit({ file }: FinishedCheckpoint, given: string, common: CompressionSettings): void {
  const { ratio, ...shape } = common;
  const ratios = file.ratios ?? [file.ratio];
  const problems = (
    ['compressor', 'memory', 'positions', 'documentMaxLength', 'rank', 'alpha', 'modules'] as const
  ).flatMap((key) => {
    const [wanted, got] = [shape[key], file[key]].map((value) => [value ?? 'behind'].flat().sort().join(', '));
    return wanted === got ? [] : [`${key} ${wanted}, got ${got}`];
  });
  if (!ratios.includes(ratio)) problems.push(`ratio ${ratio}, got ${ratios.join(', ')}`);
  if (file.compressor !== 'projection' && !file.adapters.includes(ADAPTER_NAMES.encoder))
    problems.push(`an adapter ${ADAPTER_NAMES.encoder}, got ${file.adapters.join(', ') || 'none'}`);
  if (problems.length > 0)
    throw new InputError(problems.map((problem) => `pretraining.checkpoint ${given}: expected ${problem}`));
}

/** Copies a checkpoint into a job's folder, clara.json last. */
async function takeOver({ folder: from, hashes }: FinishedCheckpoint, folder: string): Promise<void> {
  for (const key of ['weights', 'clara'] as const) {
    const target = path.join(folder, FILES[key]);
    const temporary = `${target}.part`;
    await copyFile(path.join(from, FILES[key]), temporary);
    const got = await sha256File(temporary);
    if (got !== hashes[key])
      throw new InputError(`${path.join(from, FILES[key])}: expected SHA-256 ${hashes[key]}, as when the plan was made, got ${got}`); // prettier-ignore
    await rename(temporary, target);
  }
}
