import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../errors.ts';
import { readLines } from '../../files/read-lines.ts';
import { sha256File } from '../../files/sha256.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { openSafetensors } from '../../language-model/weights/safetensors.ts';
import { writeSafetensors, type StoredAs } from '../../language-model/weights/write-safetensors.ts';
import { readTrainManifest } from '../../store/read-train-manifest.ts';
import { CURVE, curveLineSchema } from '../../training/curve.ts';
import { CHECKPOINT_MANIFEST, type CheckpointManifest } from '../checkpoint-manifest.ts';
import { CLARA_FILE } from '../clara-file.ts';
import { readClaraFile } from '../read-clara-file.ts';

const WEIGHTS = 'weights.safetensors';
const LAST = 0.1;

/** What to export and where to. */
export interface ExportCheckpointOptions {
  /** A finished training of a compression system among the runs. */
  readonly folder: string;
  readonly out: string;
  readonly storedAs: StoredAs;
  readonly overwrite?: boolean;
}

/**
 * Brings a finished training into a folder that can be given away: its weights (as half floats where asked), clara.json, and checkpoint.json, which says how it was made, with the hashes of the others and nothing
 * of this machine. The same training gives the same bytes.
 *
 * @returns what checkpoint.json holds
 * @throws InputError where the folder is no finished training of a compression system, or the target is there already
 */
export async function exportCheckpoint(options: ExportCheckpointOptions): Promise<CheckpointManifest> {
  const { folder, out, storedAs, overwrite = false } = options;
  const target = path.join(out, CHECKPOINT_MANIFEST);
  if (!overwrite && [CHECKPOINT_MANIFEST, CLARA_FILE, WEIGHTS].some((name) => existsSync(path.join(out, name))))
    throw new InputError(`${out}: a checkpoint is there already; --overwrite replaces it`);
  const made = await readTrainManifest(folder);
  if (!made) throw new InputError(`${folder}: expected the folder of a finished training (train-<key> among the runs), got none`); // prettier-ignore
  const clara = await readClaraFile(folder);
  await mkdir(out, { recursive: true });
  const source = await openSafetensors([path.join(folder, WEIGHTS)]);
  try {
    const tensors = source
      .names()
      .map((name) => ({ name, shape: source.shape(name)!, values: () => source.read(name) }));
    await writeSafetensors(path.join(out, WEIGHTS), tensors, storedAs);
  } finally {
    await source.close();
  }
  const model = clara.model && { ...clara.model, id: path.basename(clara.model.id) };
  await writeAtomically(path.join(out, CLARA_FILE), `${JSON.stringify({ ...clara, model }, null, 2)}\n`);
  const files = await Promise.all([CLARA_FILE, WEIGHTS].map(async (name) => [name, await sha256File(path.join(out, name))] as const)); // prettier-ignore
  const { trainer, settings, benchmark, examples, seed } = made;
  const manifest: CheckpointManifest = {
    ...{ format: 1, files: Object.fromEntries(files), storedAs, trainer: trainer.id },
    settings: withoutPaths(settings) as Record<string, unknown>,
    benchmark: { id: benchmark.id, split: benchmark.split },
    examples,
    model: made.model && { id: path.basename(made.model.id), hash: made.model.hash },
    seed,
    ...(await summary(path.join(folder, CURVE))),
  };
  await writeAtomically(target, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Settings in which absolute paths are their last names. */
function withoutPaths(value: unknown): unknown {
  if (typeof value === 'string') return path.isAbsolute(value) ? path.basename(value) : value;
  if (Array.isArray(value)) return value.map(withoutPaths);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutPaths(inner)]));
}

async function summary(curve: string): Promise<Pick<CheckpointManifest, 'steps' | 'tokens' | 'loss'>> {
  const losses: number[] = [];
  let tokens = 0;
  if (existsSync(curve)) {
    for await (const { text } of readLines(curve)) {
      const line = curveLineSchema.parse(JSON.parse(text));
      if (!('terms' in line)) continue;
      tokens += line.tokens;
      losses.push(line.terms.loss!);
    }
  }
  const last = losses.slice(-Math.max(1, Math.round(losses.length * LAST)));
  return { steps: losses.length, tokens, loss: last.length > 0 ? last.reduce((sum, loss) => sum + loss, 0) / last.length : null }; // prettier-ignore
}
