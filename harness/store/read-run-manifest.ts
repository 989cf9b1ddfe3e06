import { readManifest } from './read-manifest.ts';
import { runManifestSchema, type RunManifest } from './run-manifest.ts';

/**
 * The manifest of a run's folder, or undefined where there is none: the run is not finished.
 *
 * @throws InputError where it is not a manifest of this version, or one of a training.
 */
export async function readRunManifest(folder: string): Promise<RunManifest | undefined> {
  return readManifest(folder, runManifestSchema);
}
