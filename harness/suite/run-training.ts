import { existsSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { MachineError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { JobLock } from '../store/job-lock.ts';
import { MANIFEST } from '../store/read-manifest.ts';
import type { TrainManifest } from '../store/train-manifest.ts';
import type { Trainer, TrainingProgress } from '../training/training-stage.ts';
import { WEIGHTS } from './checkpoint.ts';
import { keptJob } from './kept-job.ts';
import { machine } from './machine.ts';
import { ownExamples } from './own-examples.ts';
import { SessionClock } from './session-clock.ts';
import { trainJobSchema, type TrainJob } from './train-job.ts';

/** The costs of a session are kept no more often than this. */
const NOTE_MS = 5_000;

/** What running a training needs beside the job. */
export interface RunTrainingOptions {
  /** The job's folder; the lock of it is held. */
  readonly folder: string;
  readonly lock: JobLock;
  readonly trainer: Trainer;
  readonly model: () => Promise<LanguageModel>;
  /** As TrainContext has them. */
  readonly from: string | null;
  readonly cache: string;
  readonly versions: () => Promise<TrainManifest['versions']>;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** Trains to the end, from where an interrupted run stopped, and writes the manifest. */
export async function runTraining(job: TrainJob, options: RunTrainingOptions): Promise<TrainManifest> {
  const { folder, lock, trainer, model, from, cache, versions } = options;
  const clock = new SessionClock(folder);
  await keptJob(job, trainJobSchema, folder);
  const examples = await ownExamples(job, folder);
  let noted = performance.now();
  const onProgress = (progress: TrainingProgress): void => {
    if (!lock.held()) throw new MachineError(`${folder}: another process has taken this training over`);
    lock.beat();
    if (performance.now() - noted > NOTE_MS) {
      noted = performance.now();
      clock.note();
    }
    options.onProgress(progress);
  };
  await trainer.train(job.settings, { model, examples, seed: job.seed, folder, from, cache, onProgress });
  if (!lock.held()) throw new MachineError(`${folder}: another process has taken this training over`);
  const weights = path.join(folder, WEIGHTS);
  const manifest: TrainManifest = {
    ...job,
    files: { weights: existsSync(weights) ? await sha256File(weights) : null },
    ...clock.close(),
    finishedAt: new Date().toISOString(),
    versions: await versions(),
    machine: machine(),
  };
  await writeAtomically(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
