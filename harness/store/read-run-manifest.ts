import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { runManifestSchema, type RunManifest } from './run-manifest.ts';

/** Name of the file that makes a run's folder complete. */
export const MANIFEST = 'manifest.json';

/**
 * The manifest of a run's folder, or undefined where there is none: the run is not finished.
 *
 * @throws InputError where it is not a manifest of this version.
 */
export async function readRunManifest(folder: string): Promise<RunManifest | undefined> {
  const file = path.join(folder, MANIFEST);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected a run's manifest, got no JSON (${(error as Error).message})`);
  }
  const parsed = runManifestSchema.safeParse(value);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, file));
  return parsed.data;
}
