import path from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { MANIFEST, readRunManifest } from '../store/read-run-manifest.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import { folderOf, type Job } from './job.ts';
import type { PlannedJob } from './plan-suite.ts';
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
}

/** What has become of a job. */
export interface JobOutcome {
  readonly label: string;
  readonly folder: string;
  /** Whether it was complete before. */
  readonly already: boolean;
  readonly predictions: number;
  readonly failures: number;
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
    const { job, label } = plan;
    const folder = path.join(runs, folderOf(job));
    const manifest = await readRunManifest(folder);
    const again = options.retryFailed === true && manifest !== undefined && manifest.counts.failures > 0;
    if (again) retry.push(job.key);
    if (!manifest || again) missing.push(plan);
    else await refresh(manifest, job, folder);
    const { predictions = 0, failures = 0 } = manifest?.counts ?? {};
    outcomes.set(job.key, { label, folder, already: !!manifest && !again, predictions, failures });
  }
  if (missing.length > 0) {
    const progress = new SuiteProgress(title, planned, missing);
    const order = { jobs: missing.map(({ job }) => job), runs, retry };
    await runWorkers(
      order,
      Math.min(options.jobs ?? 1, missing.length),
      (event) => {
        progress.on(event);
        if (event.type !== 'end') return;
        const { predictions, failures } = event;
        outcomes.set(event.key, { ...outcomes.get(event.key)!, predictions, failures });
      },
      () => progress.say('interrupted; run again to continue'),
    ).finally(() => progress.close());
  }
  return [...outcomes.values()];
}

/** What the suite says of scoring has no influence on the predictions: a complete run's manifest follows it. */
async function refresh(manifest: RunManifest, { suite, preset, metrics }: Job, folder: string): Promise<void> {
  const current = { ...manifest, suite, preset, metrics };
  if (JSON.stringify(current) === JSON.stringify(manifest)) return;
  await writeAtomically(path.join(folder, MANIFEST), `${JSON.stringify(current, null, 2)}\n`);
}
