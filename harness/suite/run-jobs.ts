import path from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { MANIFEST } from '../store/read-manifest.ts';
import { readRunManifest } from '../store/read-run-manifest.ts';
import { readTrainManifest } from '../store/read-train-manifest.ts';
import { folderOf } from './job.ts';
import type { PlannedJob } from './planned-job.ts';
import { trainingFailure, type Problems } from './training-failure.ts';
import { runWorkers } from './run-workers.ts';
import { SuiteProgress } from './suite-progress.ts';

/** How jobs are run. */
export interface RunJobsOptions {
  /** Folder of the runs. */
  readonly runs: string;
  /** Processes side by side; each gets its share of the processor's threads. */
  readonly jobs?: number;
  /** Asks the failed questions of complete jobs again. */
  readonly retryFailed?: boolean;
  /** Folder of the training that all predictions of trained systems come from, instead of one among the runs. */
  readonly checkpoint?: string;
}

/** What has become of a job. */
export interface JobOutcome {
  readonly kind: PlannedJob['kind'];
  readonly label: string;
  readonly folder: string;
  /** Whether it was complete before. */
  readonly already: boolean;
  /** Both 0 for a training. */
  readonly predictions: number;
  readonly failures: number;
  /** Why the training, or the one that the job needs, has failed. */
  readonly failed?: Problems;
}

/**
 * Does what is missing of some jobs, in worker processes: the results of each job lie in its folder among the runs. Progress goes to stderr.
 * Ctrl-C ends this process with exit code 130; the next run goes on where it was.
 *
 * @throws InputError where data or a module or a model has changed since the plan. MachineError where a worker is taken down.
 */
export async function runJobs(
  title: string,
  planned: readonly PlannedJob[],
  options: RunJobsOptions,
): Promise<JobOutcome[]> {
  const runs = path.resolve(options.runs);
  await makeFolder(runs);
  const outcomes = new Map<string, JobOutcome>();
  const missing: PlannedJob[] = [];
  const retry: string[] = [];
  for (const plan of planned) {
    const { kind, job, label } = plan;
    const folder = path.join(runs, folderOf(job));
    const manifest = await (kind === 'train' ? readTrainManifest(folder) : readRunManifest(folder));
    const { predictions, failures } = manifest?.kind === 'predict' ? manifest.counts : { predictions: 0, failures: 0 };
    const again = options.retryFailed === true && failures > 0;
    if (again) retry.push(job.key);
    if (!manifest || again) missing.push(plan);
    else await refresh(manifest, plan, folder);
    if (!manifest && kind === 'train') await trainingFailure.forget(folder);
    outcomes.set(job.key, { kind, label, folder, already: !!manifest && !again, predictions, failures });
  }
  if (missing.length > 0) {
    const progress = new SuiteProgress(title, planned, missing);
    const order = { jobs: missing, runs, retry, checkpoint: options.checkpoint };
    await runWorkers(
      order,
      Math.min(options.jobs ?? 1, missing.length),
      (event) => {
        progress.on(event);
        if (event.type !== 'end' && event.type !== 'failed') return;
        const { predictions, failures } = event.type === 'end' ? event : { predictions: 0, failures: 0 };
        const failed = event.type === 'failed' ? { kind: event.kind, problems: event.problems } : undefined;
        outcomes.set(event.key, { ...outcomes.get(event.key)!, predictions, failures, failed });
      },
      () => progress.say('interrupted; run again to continue'),
    ).finally(() => progress.close());
  }
  return [...outcomes.values()];
}

/** What the suite says of scoring has no influence on the results: a complete job's manifest follows it. */
async function refresh(manifest: { readonly suite: string }, { kind, job }: PlannedJob, folder: string): Promise<void> {
  const current =
    kind === 'train'
      ? { ...manifest, suite: job.suite }
      : { ...manifest, suite: job.suite, preset: job.preset, metrics: job.metrics };
  if (JSON.stringify(current) === JSON.stringify(manifest)) return;
  await writeAtomically(path.join(folder, MANIFEST), `${JSON.stringify(current, null, 2)}\n`);
}
