// A process that does the jobs of a suite, started by run-suite.ts. It may be killed at any moment.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findSystem } from '../../baselines/find-system.ts';
import { InputError, MachineError } from '../errors.ts';
import { cannotWrite } from '../files/cannot-write.ts';
import { makeFolder } from '../files/make-folder.ts';
import { sha256File } from '../files/sha256.ts';
import { packageRoot } from '../home.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { JobLock } from '../store/job-lock.ts';
import { MANIFEST, readRunManifest } from '../store/read-run-manifest.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import { folderOf, type Job } from './job.ts';
import { RunFiles } from './run-files.ts';
import { runJob } from './run-job.ts';
import type { WorkEvent, WorkOrder } from './worker-protocol.ts';

/** How often a job that another process works on is looked at. */
const POLL_MS = 500;
/** Progress of quick systems is told no more often than this. */
const TELL_MS = 100;

let loaded: LanguageModel | undefined;

// Whoever started this process is gone: it must not go on unseen.
const orphaned = (): never => process.exit(1);
process.once('disconnect', orphaned);
process.once('message', (order: WorkOrder) => {
  work(order).then(
    () => {
      process.off('disconnect', orphaned);
      process.disconnect();
    },
    (error: unknown) => {
      const kind = error instanceof InputError ? 'input' : error instanceof MachineError ? 'machine' : 'fault';
      const problems =
        error instanceof InputError || error instanceof MachineError
          ? error.problems
          : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
      process.send!({ type: 'error', kind, problems } satisfies WorkEvent, () => process.exit(1));
    },
  );
});

function tell(event: WorkEvent): void {
  process.send!(event);
}

async function work(order: WorkOrder): Promise<void> {
  const retry = new Set(order.retry);
  for (let left = order.jobs; left.length > 0;) {
    const busy: Job[] = [];
    for (const job of left) if (!(await tryJob(job, order, retry))) busy.push(job);
    if (busy.length > 0) {
      tell({ type: 'waiting', keys: busy.map(({ key }) => key) });
      await sleep(POLL_MS);
    }
    left = busy;
  }
  loaded?.dispose();
}

/** Does a job unless it is done; false where another process is at it. */
async function tryJob(job: Job, order: WorkOrder, retry: Set<string>): Promise<boolean> {
  const folder = path.join(order.runs, folderOf(job));
  await makeFolder(folder);
  const lock = acquire(path.join(folder, 'lock'));
  if (!lock) return false;
  try {
    tell({ type: 'begin', key: job.key, lock: lock.file });
    const manifest = (await complete(job, folder, retry)) ?? (await run(job, folder, lock, order));
    const { predictions, failures } = manifest.counts;
    tell({ type: 'end', key: job.key, predictions, failures });
    return true;
  } finally {
    lock.release();
  }
}

function acquire(file: string): JobLock | undefined {
  try {
    return JobLock.tryAcquire(file);
  } catch (error) {
    throw cannotWrite(error, file);
  }
}

/** The manifest of a job that is done; undefined where there is something to do. */
async function complete(job: Job, folder: string, retry: Set<string>): Promise<RunManifest | undefined> {
  const manifest = await readRunManifest(folder);
  if (!manifest) return undefined;
  if (manifest.key !== job.key) throw new InputError(`${folder}: expected the run ${job.key}, got ${manifest.key}`);
  if (!retry.delete(job.key) || manifest.counts.failures === 0) return manifest;
  await rm(path.join(folder, MANIFEST));
  await RunFiles.forgetFailures(folder);
  return undefined;
}

async function run(job: Job, folder: string, lock: JobLock, order: WorkOrder): Promise<RunManifest> {
  const { module } = job.system;
  const system = await findSystem(module?.file ?? job.system.id);
  if (module && (await sha256File(module.file)) !== module.sha256) {
    throw new InputError(`${module.file}: has changed since the plan was made; run again`);
  }
  let told = -Infinity;
  return runJob(job, {
    folder,
    lock,
    system,
    model: () => modelOf(job),
    trained: null,
    cache: path.join(order.runs, 'cache'),
    crash: order.crash,
    onBlock: (block) => tell({ type: 'block', key: job.key, block }),
    onProgress: (progress) => {
      const now = performance.now();
      if (now - told < TELL_MS && progress.settled < job.examples.count) return;
      told = now;
      tell({ type: 'progress', key: job.key, ...progress });
    },
    versions,
  });
}

/** The job's model, loaded once for all jobs of it. */
async function modelOf(job: Job): Promise<LanguageModel> {
  if (!job.model)
    throw new InputError(`system ${job.system.id} needs a model; name one (models of a suite, --model of predict)`);
  if (loaded?.hash === job.model.hash) return loaded;
  loaded?.dispose();
  loaded = undefined;
  // Brings the engine in: about a second and half a gigabyte that a system without a model does not need.
  const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
  const model = await loadLanguageModel(job.model.id);
  if (model.hash !== job.model.hash) {
    throw new InputError(`model ${job.model.id}: its files have changed since the plan was made; run again`);
  }
  loaded = model;
  return model;
}

async function versions(): Promise<RunManifest['versions']> {
  const { version } = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return { program: version, node: process.versions.node, tensorflow: loaded ? await engine() : null };
}

async function engine(): Promise<string> {
  const { tensorflow, device } = await import('../engine/engine-version.ts').then(({ engineVersion }) =>
    engineVersion(),
  );
  return `${tensorflow} ${device}`;
}
