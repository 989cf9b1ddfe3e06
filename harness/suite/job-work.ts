import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { findSystem } from '../../baselines/find-system.ts';
import { InputError } from '../errors.ts';
import { cannotWrite } from '../files/cannot-write.ts';
import { makeFolder } from '../files/make-folder.ts';
import { sha256File } from '../files/sha256.ts';
import { packageRoot } from '../home.ts';
import { programCommit } from '../program-commit.ts';
import { JobLock } from '../store/job-lock.ts';
import { MANIFEST } from '../store/read-manifest.ts';
import { readRunManifest } from '../store/read-run-manifest.ts';
import { readTrainManifest } from '../store/read-train-manifest.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import type { System } from '../system.ts';
import type { Trainer, TrainingStage } from '../training/training-stage.ts';
import { canonicalJson } from './canonical-json.ts';
import { folderOf } from './job.ts';
import { LoadedModel } from './loaded-model.ts';
import { neededBy, type PlannedJob, type PlannedPrediction, type PlannedTraining } from './planned-job.ts';
import { RunFiles } from './run-files.ts';
import { runJob } from './run-job.ts';
import { runTraining } from './run-training.ts';
import { stagesOf } from './stages-of.ts';
import type { TrainJob } from './train-job.ts';
import { problemsOf, trainingFailure, type Problems } from './training-failure.ts';
import type { WorkEvent, WorkOrder } from './worker-protocol.ts';

/** Progress of quick systems is told no more often than this. */
const TELL_MS = 100;

/** A job's folder among the runs, with its lock. */
interface Place {
  readonly folder: string;
  readonly lock: JobLock;
}

/** Does the jobs of an order, one at a time, and tells of them. */
export class JobWork {
  readonly #order: WorkOrder;
  readonly #tell: (event: WorkEvent) => void;
  readonly #retry: Set<string>;
  readonly #model = new LoadedModel();
  /** Keys of trainings that have failed in this run, and of what needs them. */
  readonly #failed = new Map<string, Problems>();

  /** Asked at the beginning: what is committed later is not what runs. */
  readonly #commit = programCommit();

  constructor(order: WorkOrder, tell: (event: WorkEvent) => void) {
    this.#order = order;
    this.#tell = tell;
    this.#retry = new Set(order.retry);
  }

  /** Does a job unless it is done; false where another process is at it, or at a training that it needs. */
  async try(plan: PlannedJob): Promise<boolean> {
    const { key } = plan.job;
    const needed = this.#trainingOf(plan);
    const failure = needed && this.#failed.get(needed.key);
    if (failure) {
      this.#fail(key, {
        kind: failure.kind,
        problems: [`not done, as its training failed: ${this.#labelOf(needed.key)}`],
      });
      return true;
    }
    if (needed && !(await readTrainManifest(needed.folder))) {
      if (this.#order.jobs.some(({ job }) => job.key === needed.key)) return false;
      throw new InputError(`${needed.folder}: a finished training was there and is not any more; run again`);
    }
    const folder = path.join(this.#order.runs, folderOf(plan.job));
    await makeFolder(folder);
    const lock = acquire(path.join(folder, 'lock'));
    if (!lock) return false;
    try {
      this.#tell({ type: 'begin', key, lock: lock.file });
      if (plan.kind === 'train') await this.#train(plan, needed?.folder ?? null, { folder, lock });
      else await this.#predict(plan, needed?.folder ?? null, { folder, lock });
      return true;
    } finally {
      lock.release();
    }
  }

  /** Frees the model. */
  close(): void {
    this.#model.dispose();
  }

  async #train(plan: PlannedTraining, from: string | null, place: Place): Promise<void> {
    const { key } = plan.job;
    const manifest = await readTrainManifest(place.folder);
    if (manifest) {
      checkKey(place.folder, manifest.key, key);
    } else {
      // Where another process has failed in this run, there is nothing to be gained by trying it again.
      const failure = (await trainingFailure.read(place.folder)) ?? (await this.#tryTraining(plan, from, place));
      if (failure) return this.#fail(key, failure);
    }
    this.#tell({ type: 'end', key, predictions: 0, failures: 0 });
  }

  /** Trains, and says why where that fails. */
  async #tryTraining(
    { job, asked }: PlannedTraining,
    from: string | null,
    { folder, lock }: Place,
  ): Promise<Problems | undefined> {
    const { trainer, model, key } = job;
    try {
      const system = await systemOf(trainer.module, asked.system);
      const found = trainerOf(stagesOf(system, asked.settings)[asked.stage], job);
      await runTraining(job, {
        folder,
        lock,
        trainer: found,
        model: () => this.#model.get(model, `trainer ${trainer.id}`),
        from,
        cache: this.#cache,
        versions: () => this.#versions(),
        onProgress: (progress) => this.#tell({ type: 'step', key, ...progress }),
      });
      return undefined;
    } catch (error) {
      if (!lock.held()) throw error;
      const failure = problemsOf(error);
      await trainingFailure.write(folder, failure);
      return failure;
    }
  }

  async #predict({ job }: PlannedPrediction, trained: string | null, { folder, lock }: Place): Promise<void> {
    const { key } = job;
    let manifest = await readRunManifest(folder);
    if (manifest) checkKey(folder, manifest.key, key);
    if (manifest && this.#retry.delete(key) && manifest.counts.failures > 0) {
      await rm(path.join(folder, MANIFEST));
      await RunFiles.forgetFailures(folder);
      manifest = undefined;
    }
    let told = -Infinity;
    manifest ??= await runJob(job, {
      folder,
      lock,
      system: await systemOf(job.system.module, job.system.id),
      model: () => this.#model.get(job.model, `system ${job.system.id}`),
      trained,
      cache: this.#cache,
      crash: this.#order.crash,
      onBlock: (block) => this.#tell({ type: 'block', key, block }),
      onProgress: (progress) => {
        const now = performance.now();
        if (now - told < TELL_MS && progress.settled < job.examples.count) return;
        told = now;
        this.#tell({ type: 'progress', key, ...progress });
      },
      versions: () => this.#versions(),
    });
    const { predictions, failures } = manifest.counts;
    this.#tell({ type: 'end', key, predictions, failures });
  }

  /** The training that a job begins with. */
  #trainingOf(plan: PlannedJob): { readonly key: string; readonly folder: string } | null {
    const key = neededBy(plan);
    const { runs, checkpoint } = this.#order;
    return key === null ? null : { key, folder: checkpoint ?? path.join(runs, folderOf({ kind: 'train', key })) };
  }

  #fail(key: string, failure: Problems): void {
    this.#failed.set(key, failure);
    this.#tell({ type: 'failed', key, ...failure });
  }

  #labelOf(key: string): string {
    return this.#order.jobs.find(({ job }) => job.key === key)?.label ?? key;
  }

  get #cache(): string {
    return path.join(this.#order.runs, 'cache');
  }

  async #versions(): Promise<RunManifest['versions']> {
    const { version } = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    return {
      program: version,
      commit: await this.#commit,
      node: process.versions.node,
      tensorflow: await this.#model.engine(),
    };
  }
}

function acquire(file: string): JobLock | undefined {
  try {
    return JobLock.tryAcquire(file);
  } catch (error) {
    throw cannotWrite(error, file);
  }
}

function checkKey(folder: string, got: string, key: string): void {
  if (got !== key) throw new InputError(`${folder}: expected the run ${key}, got ${got}`);
}

async function systemOf(module: RunManifest['system']['module'], idOrModule: string): Promise<System> {
  const system = await findSystem(module?.file ?? idOrModule);
  if (module && (await sha256File(module.file)) !== module.sha256) {
    throw new InputError(`${module.file}: has changed since the plan was made; run again`);
  }
  return system;
}

/** The trainer of a stage, which must be the one that the plan was made with. */
function trainerOf(stage: TrainingStage | undefined, { trainer, settings }: TrainJob): Trainer {
  if (stage?.trainer.id === trainer.id && canonicalJson(stage.settings) === canonicalJson(settings)) {
    return stage.trainer;
  }
  throw new Error(
    `the stage ${trainer.id} is not what it was when the plan was made: its system gives other stages for the same settings`,
  );
}
