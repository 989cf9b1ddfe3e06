import { readManifest } from './read-manifest.ts';
import { trainManifestSchema, type TrainManifest } from './train-manifest.ts';

/**
 * The manifest of a training's folder, or undefined where there is none: the training is not finished.
 *
 * @throws InputError where it is not a manifest of this version, or one of predictions.
 */
export async function readTrainManifest(folder: string): Promise<TrainManifest | undefined> {
  return readManifest(folder, trainManifestSchema);
}
