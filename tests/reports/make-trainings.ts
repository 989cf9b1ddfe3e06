import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Example } from '../../datasets/example.ts';
import { nativeLine } from '../../datasets/native.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { trainManifestSchema, type TrainManifest } from '../../harness/store/train-manifest.ts';
import { folderOf } from '../../harness/suite/job.ts';
import { CURVE, curveLineSchema, type CurveLine } from '../../harness/training/curve.ts';

/** A training to write: what differs from a plain one. */
export interface MadeTraining {
  readonly trainer: string;
  readonly settings?: Record<string, unknown>;
  readonly from?: TrainManifest;
  /** The training questions; without them their file is not written. */
  readonly examples?: readonly Example[];
  /** None: the trainer leaves no curve. */
  readonly curve?: readonly CurveLine[];
  readonly manifest?: Partial<TrainManifest>;
}

/** A curve of so many steps whose loss is `loss(step)`, each of 100 tokens in 50 ms, validated every `every` steps. */
export function plainCurve(steps: number, loss: (step: number) => number, every = Infinity): CurveLine[] {
  return Array.from({ length: steps }, (_, at) => at + 1).flatMap((step): CurveLine[] => [
    { step, terms: { loss: loss(step) }, learningRate: 1e-4, gradientNorm: 1, tokens: 100, ms: 50 },
    ...(step % every === 0 ? [{ step, validation: { loss: loss(step) + 0.1 }, ms: 20 }] : []),
  ]);
}

/** Writes a finished training's folder, as `clara-bench run` does, and returns its manifest. */
export async function makeTraining(runs: string, made: MadeTraining): Promise<TrainManifest> {
  const { trainer, settings = {}, from, curve, examples } = made;
  const native = examples?.map((example) => `${nativeLine(example)}\n`).join('');
  const manifest = trainManifestSchema.parse({
    format: 1,
    kind: 'train',
    key: sha256(JSON.stringify([trainer, settings, from?.key, made.manifest, native])),
    suite: 'made',
    trainer: { id: trainer, module: null },
    settings,
    from: from ? { key: from.key, folder: folderOf(from) } : null,
    benchmark: { id: 'cities', split: 'train', file: '/data/train.jsonl', sha256: sha256('train'), module: null },
    selection: { limit: 300, rule: 'first', seed: null },
    examples: { count: examples?.length ?? 300, sha256: sha256(native ?? 'training questions') },
    model: { id: 'tiny', hash: sha256('tiny') },
    seed: 0,
    files: { weights: sha256('weights') },
    wallMs: 150_000,
    sessions: 1,
    peakMemoryBytes: 3 * 2 ** 30,
    startedAt: '2026-11-24T07:00:00.000Z',
    finishedAt: '2026-11-24T07:02:30.000Z',
    versions: { program: '0.1.0', node: '24.0.0', tensorflow: '2.21.0' },
    machine: {
      host: 'host',
      platform: 'linux-x64',
      cpu: 'Some CPU @ 2.00GHz',
      cores: 2,
      threads: 2,
      memoryBytes: 8 * 2 ** 30,
    },
    ...made.manifest,
  });
  const folder = path.join(runs, folderOf(manifest));
  await mkdir(folder, { recursive: true });
  if (native !== undefined) await writeFile(path.join(folder, 'examples.jsonl.gz'), gzipSync(native));
  if (curve) {
    const lines = curve.map((line) => `${JSON.stringify(curveLineSchema.parse(line))}\n`);
    await writeFile(path.join(folder, CURVE), lines.join(''));
  }
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}
