import { copyFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describeIssues } from './describe-issues.ts';
import { InputError } from './errors.ts';
import { makeFolder } from './files/make-folder.ts';
import { manifestBeside, readManifestBeside } from './store/manifest-beside.ts';
import { MANIFEST } from './store/read-manifest.ts';
import { readRunManifest } from './store/read-run-manifest.ts';
import type { RunManifest } from './store/run-manifest.ts';
import { folderOf } from './suite/job.ts';
import { readCheckpoint, type Checkpoint } from './suite/checkpoint.ts';
import { planSuite } from './suite/plan-suite.ts';
import type { PlannedPrediction } from './suite/planned-job.ts';
import { runJobs } from './suite/run-jobs.ts';
import { suiteSchema } from './suite/suite-schema.ts';

/** What one system answers, and where its answers go. */
export interface PredictFileOptions {
  /** Id of a system, or the path of a user's module. */
  readonly system: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Id or path of the model; `none` for a system that needs none. */
  readonly model: string;
  /** A file in the native format, or the id of a benchmark. */
  readonly data: string;
  /** Of a benchmark that is named by its id. */
  readonly split?: string;
  /** Of the generated benchmark. */
  readonly dials?: Readonly<Record<string, unknown>>;
  /** `F.jsonl`: the predictions. Beside it come `F.timings.jsonl`, `F.manifest.json` and, where there are any, `F.failures.jsonl`. */
  readonly out: string;
  readonly maxNewTokens: number;
  readonly batch: number;
  readonly seed: number;
  readonly limit?: number;
  /** Folder of the finished training that a trained system answers with. */
  readonly checkpoint?: string;
  /** What to do with a file or an interrupted run that is there. */
  readonly whenThere: 'refuse' | 'overwrite' | 'resume';
}

/** What lies in the files now. */
export interface PredictedFile {
  readonly predictions: number;
  readonly failures: number;
  /** Working time, loading of the model included, milliseconds. */
  readonly wallMs: number;
  /** Whether it was all there before. */
  readonly already: boolean;
  /** Path of the questions. */
  readonly data: string;
}

/**
 * Answers a file of questions as a suite of one job, worked on in `F.jsonl.partial/` and moved to its place when it is whole. Lines stand in the order in which
 * the questions were answered: the longest first.
 *
 * @throws InputError for wrong options, and where something is in the way that `whenThere` does not allow to go over.
 */
export async function predictFile(options: PredictFileOptions): Promise<PredictedFile> {
  const { out, whenThere } = options;
  if (!/[^/\\]\.jsonl$/.test(out)) throw new InputError(`--out: expected a file that ends in .jsonl, got ${out}`);
  const partial = `${out}.partial`;
  const began = await exists(partial);
  if (whenThere === 'refuse') {
    if (began) {
      throw new InputError(`${partial}: an interrupted run is there; --resume continues it, --overwrite begins anew`);
    }
    if (await exists(out)) throw new InputError(`${out}: is there already; --overwrite replaces it`);
  }
  const checkpoint = options.checkpoint === undefined ? undefined : await readCheckpoint(options.checkpoint);
  const planned = await plan(options, checkpoint);
  const { job } = planned;
  const data = job.benchmark.file ?? options.data;
  const folder = path.join(partial, folderOf(job));
  if (whenThere === 'resume') {
    if (began && !(await exists(folder))) {
      throw new InputError(
        `${partial}: the interrupted run is of another system, model, setting or data; --overwrite begins anew`,
      );
    }
    if (!began && (await exists(out))) {
      const finished = await readManifestBeside(out);
      if (finished?.key === job.key) return { ...resultOf(finished, data), already: true };
      throw new InputError(
        `${out}: is there already, of another system, model, setting or data; --overwrite replaces it`,
      );
    }
  }
  if (whenThere === 'overwrite') await rm(partial, { recursive: true, force: true });
  await makeFolder(partial);
  await runJobs('predict', [planned], { runs: partial, checkpoint: checkpoint?.folder }).catch(
    async (error: unknown) => {
      // Nothing to go on with: the next try is not one of resuming.
      if (!(await hasAnswers(folder))) await rm(partial, { recursive: true, force: true });
      throw error;
    },
  );
  const manifest = await readRunManifest(folder);
  if (!manifest) throw new Error(`${folder}: the run ended without a manifest`);
  await moveOut(folder, out, manifest.counts.failures > 0);
  await rm(partial, { recursive: true });
  return { ...resultOf(manifest, data), already: false };
}

/** The one job of these options, checked as a suite's are. */
async function plan(options: PredictFileOptions, checkpoint: Checkpoint | undefined): Promise<PlannedPrediction> {
  const { system, settings, model, data, split, dials, maxNewTokens, batch, seed, limit } = options;
  const isFile = /\.jsonl(\.gz)?$/.test(data);
  const isModule = /\.(ts|js|mjs)$/.test(system);
  // In a suite a list stands for one job for each of its values.
  const single = Object.entries(settings).map(([key, value]) => [key, Array.isArray(value) ? [value] : value] as const);
  const parsed = suiteSchema.safeParse({
    models: model === 'none' ? [] : [model],
    benchmarks: [{ ...(isFile ? { file: path.resolve(data) } : { id: data }), split, dials, limit }],
    systems: [
      { ...(isModule ? { module: path.resolve(system) } : { id: system }), settings: Object.fromEntries(single) },
    ],
    seeds: [seed],
    maxNewTokens,
    batch,
  });
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, 'predict'));
  const jobs = await planSuite({ ...parsed.data, name: 'predict', file: 'predict' }, { checkpoint });
  return jobs.find((job) => job.kind === 'predict')!;
}

/** An interrupted move can be taken up: while the manifest is in the folder, the run counts as whole. */
async function moveOut(folder: string, out: string, failures: boolean): Promise<void> {
  const stem = out.slice(0, -'.jsonl'.length);
  const failuresFile = `${stem}.failures.jsonl`;
  if (failures) await moveIfThere(path.join(folder, 'failures.jsonl'), failuresFile);
  else await rm(failuresFile, { force: true });
  await moveIfThere(path.join(folder, 'timings.jsonl'), `${stem}.timings.jsonl`);
  await moveIfThere(path.join(folder, 'predictions.jsonl'), out);
  await copyFile(path.join(folder, MANIFEST), manifestBeside(out));
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function resultOf({ counts, wallMs }: RunManifest, data: string): Omit<PredictedFile, 'already'> {
  return { predictions: counts.predictions, failures: counts.failures, wallMs, data };
}

/** Whether an interrupted run has answered any question. */
async function hasAnswers(folder: string): Promise<boolean> {
  const sizes = await Promise.all(
    ['predictions.jsonl', 'failures.jsonl'].map((name) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.some((size) => size > 0);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
