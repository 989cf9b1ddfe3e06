import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../files/read-json.ts';
import { runManifestSchema, type RunManifest } from './run-manifest.ts';

/** Name of the file that makes a run's folder complete. */
export const MANIFEST = 'manifest.json';

/** A manifest takes a few kilobytes. */
const MAX_BYTES = 1 << 20;

/**
 * The manifest of a run's folder, or undefined where there is none: the run is not finished.
 *
 * @throws InputError where it is not a manifest of this version.
 */
export async function readRunManifest(folder: string): Promise<RunManifest | undefined> {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) return undefined;
  return readJson(file, runManifestSchema, MAX_BYTES);
}
