import { z } from 'zod';
import { runManifestSchema } from './run-manifest.ts';

const { key: sha256, system } = runManifestSchema.shape;

/**
 * `manifest.json` of a training's folder (`train-<first 16 characters of key>/`). It is written last: a folder with one is complete, and holds
 *
 * - `examples.jsonl.gz`: the training questions, in the order in which they were given to the trainer;
 * - `weights.safetensors` and `curve.jsonl`, and what else the trainer leaves.
 */
export const trainManifestSchema = runManifestSchema
  .pick({
    format: true,
    key: true,
    suite: true,
    settings: true,
    benchmark: true,
    selection: true,
    examples: true,
    model: true,
    seed: true,
    wallMs: true,
    sessions: true,
    peakMemoryBytes: true,
    startedAt: true,
    finishedAt: true,
    versions: true,
    machine: true,
  })
  .extend({
    kind: z.literal('train'),
    /** `module`: the user's module that brought the trainer. */
    trainer: z.strictObject({ id: z.string(), module: system.shape.module }),
    /** The training that it starts from, in a folder beside this one. */
    from: z.strictObject({ key: sha256, folder: z.string() }).nullable(),
    /** SHA-256 of `weights.safetensors`; null where the trainer leaves none. */
    files: z.strictObject({ weights: sha256.nullable() }),
  });

/** What a finished training is and what it cost. */
export type TrainManifest = z.infer<typeof trainManifestSchema>;
