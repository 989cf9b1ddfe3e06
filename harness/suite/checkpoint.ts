import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import { readTrainManifest } from '../store/read-train-manifest.ts';
import type { Setting } from './setting.ts';

/** Trained weights in a training's folder, as trained systems leave them. */
export const WEIGHTS = 'weights.safetensors';

/** A finished training that is answered with. */
export interface Checkpoint {
  /** Absolute. */
  readonly folder: string;
  /** The training's key, or where the folder is not of a training of ours the SHA-256 of its weights. */
  readonly key: string;
  /** What is known of how it was made. */
  readonly made: { readonly trainer: string; readonly modelHash: string | null } | null;
}

/**
 * A folder with trained weights: a finished `train-<key>` of the runs, or another one with `weights.safetensors`.
 *
 * @throws InputError where it is neither.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const absolute = path.resolve(folder);
  const manifest = await readTrainManifest(absolute);
  if (manifest) {
    const { key, trainer, model } = manifest;
    return { folder: absolute, key, made: { trainer: trainer.id, modelHash: model?.hash ?? null } };
  }
  const weights = path.join(absolute, WEIGHTS);
  if (existsSync(path.join(absolute, 'job.json')))
    throw new InputError(`${folder}: expected a finished training, got one that has not ended (no manifest.json)`);
  if (!existsSync(weights))
    throw new InputError(
      `${folder}: expected the folder of a finished training (train-<key> among the runs), got none`,
    );
  return { folder: absolute, key: await sha256File(weights), made: null };
}

/** @throws InputError where a system cannot answer with the checkpoint: it is not trained, or the checkpoint is of another trainer or model. */
export function checkCheckpoint(
  { folder, made }: Checkpoint,
  { system, stages, models: own }: Setting,
  models: readonly { readonly id: string; readonly hash: string }[],
): void {
  if (stages.length === 0)
    throw new InputError(`${folder}: system ${system.id} is not trained: it takes no checkpoint`);
  if (!made) return;
  const trainers = stages.map(({ trainer }) => trainer.id);
  if (!trainers.includes(made.trainer)) {
    throw new InputError(
      `${folder}: expected a training by ${trainers.join(' or ')} for the system ${system.id}, got one by ${made.trainer}`,
    );
  }
  const others = models.filter(({ id, hash }) => own.includes(id) && hash !== made.modelHash);
  if (others.length > 0)
    throw new InputError(`${folder}: expected a training of the model ${others[0]!.id}, got one of another model`);
}
