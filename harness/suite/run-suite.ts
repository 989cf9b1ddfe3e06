import { loadSuite } from './load-suite.ts';
import { planSuite } from './plan-suite.ts';
import { runJobs, type JobOutcome, type RunJobsOptions } from './run-jobs.ts';
import { selectJobs } from './select-jobs.ts';

/** How a suite is run. */
export interface RunSuiteOptions extends Omit<RunJobsOptions, 'checkpoint'> {
  /** Folder of the benchmarks that are named by id; goes before the suite's own. */
  readonly dataRoot?: string;
  /** Only the jobs whose label has this in it (select-jobs.ts). */
  readonly only?: string;
}

/**
 * Does what is missing of a suite.
 *
 * @throws InputError where the suite, its data or its models are wrong, and what `runJobs` throws.
 */
export async function runSuite(file: string, options: RunSuiteOptions): Promise<JobOutcome[]> {
  const suite = await loadSuite(file);
  const planned = await planSuite(suite, { dataRoot: options.dataRoot });
  return runJobs(suite.name, selectJobs(planned, options.only), options);
}
