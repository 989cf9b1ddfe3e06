import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { sha256 } from '../files/sha256.ts';
import { CHECKPOINT_MANIFEST, checkpointManifestSchema, type CheckpointManifest } from './checkpoint-manifest.ts';
import { CLARA_FILE, claraFileSchema, type ClaraFile } from './clara-file.ts';

/** Checkpoints that come with the program, by their ids. */
const SHIPPED = new Map([['nano-scp', path.join(import.meta.dirname, 'shipped', 'nano-scp')]]);
const WEIGHTS = 'weights.safetensors';
const CHUNK = 1 << 20;

/** A checkpoint that was finished elsewhere. */
export interface FinishedCheckpoint {
  /** An id, or the name of its folder. */
  readonly name: string;
  /** Whether it comes with the program. */
  readonly shipped: boolean;
  /** Absolute. */
  readonly folder: string;
  readonly file: ClaraFile;
  /** SHA-256 of each of its files. */
  readonly hashes: { readonly weights: string; readonly clara: string };
  /** How it was made, where it says so. */
  readonly manifest: CheckpointManifest | null;
}

/** Hashes of weights by path, size and time: one plan asks for them many times. */
const known = new Map<string, string>();

/**
 * A checkpoint that comes with the program (an id), or that lies in a folder (clara.json and weights.safetensors: what a training leaves, `import-checkpoint` and `export-checkpoint` write). Read at once,
 * since plans ask for stages without waiting.
 *
 * @throws InputError where there is none, or where its files are not those of its manifest
 */
export function finishedCheckpoint(given: string): FinishedCheckpoint {
  const shipped = SHIPPED.get(given);
  const folder = shipped ?? path.resolve(given);
  const text = contentOf(path.join(folder, CLARA_FILE));
  const weights = path.join(folder, WEIGHTS);
  if (text === null || !statSync(weights, { throwIfNoEntry: false })) {
    const ids = [...SHIPPED.keys()].join(', ');
    throw new InputError(
      shipped
        ? `checkpoint ${given}: expected it in this copy of the program, got none; it is made with a suite's pretraining and clara-bench export-checkpoint`
        : `checkpoint ${given}: expected a folder with ${CLARA_FILE} and ${WEIGHTS}, or ${ids}, got none`,
    );
  }
  const file = checked(text, claraFileSchema, path.join(folder, CLARA_FILE));
  const made = contentOf(path.join(folder, CHECKPOINT_MANIFEST));
  const manifest = made === null ? null : checked(made, checkpointManifestSchema, path.join(folder, CHECKPOINT_MANIFEST)); // prettier-ignore
  const hashes = { weights: hashOf(weights), clara: sha256(text) };
  const problems = [
    [WEIGHTS, hashes.weights],
    [CLARA_FILE, hashes.clara],
  ].flatMap(([name, got]) => {
    const wanted = manifest?.files[name!] ?? got;
    return wanted === got ? [] : [`${path.join(folder, name!)}: expected SHA-256 ${wanted} (${CHECKPOINT_MANIFEST}), got ${got}`]; // prettier-ignore
  });
  if (problems.length > 0) throw new InputError(problems);
  return { name: shipped ? given : path.basename(folder), shipped: shipped !== undefined, folder, file, hashes, manifest }; // prettier-ignore
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function checked<T>(text: string, schema: z.ZodType<T>, where: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${where}: expected JSON, got: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
  return parsed.data;
}

function hashOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const key = `${file} ${size} ${mtimeMs}`;
  const there = known.get(key);
  if (there) return there;
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  const found = hash.digest('hex');
  known.set(key, found);
  return found;
}
