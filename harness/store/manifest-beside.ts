import path from 'node:path';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import { MANIFEST } from './read-manifest.ts';
import { runManifestSchema, type RunManifest } from './run-manifest.ts';

/** A manifest takes a few kilobytes. */
const MAX_BYTES = 1 << 20;

/** Where `predict` puts the manifest of a predictions file: `F.manifest.json` beside `F.jsonl`. */
export function manifestBeside(predictions: string): string {
  return predictions.replace(/(\.jsonl?)?(\.gz)?$/, '.manifest.json');
}

/**
 * The manifest of a predictions file: the one that `predict` put beside it, or that of the run's folder that it lies in.
 * Undefined where there is none that can be read: then it is not known what the file is.
 */
export async function readManifestBeside(predictions: string): Promise<RunManifest | undefined> {
  const inFolder = /^predictions\.jsonl(\.gz)?$/.test(path.basename(predictions));
  const files = [manifestBeside(predictions), ...(inFolder ? [path.join(path.dirname(predictions), MANIFEST)] : [])];
  for (const file of files) {
    const manifest = await readJson(file, runManifestSchema, MAX_BYTES).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
    });
    if (manifest) return manifest;
  }
  return undefined;
}
