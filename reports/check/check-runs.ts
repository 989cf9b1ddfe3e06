import { InputError } from '../../harness/errors.ts';
import { findRuns, type FoundRuns, type Run } from '../find-runs.ts';
import { ownMetrics } from '../own-metrics.ts';
import { QuestionOrders } from '../questions/question-order.ts';
import { readRun } from '../report-row.ts';
import { nameRuns } from '../run-names.ts';
import type { CheckResult } from './findings.ts';
import { RunChecks } from './run-checks.ts';

/** What to check. */
export interface CheckOptions {
  /** Folders of runs, or runs' folders. */
  readonly runs: readonly string[];
  /** Metric preset; each run's own by default. */
  readonly preset?: string;
  /** Only the runs that this suite ran last. */
  readonly suite?: string;
  readonly onChecked?: (done: number, total: number) => void;
}

/** The outcome of every check, in their order. */
export interface Checked {
  readonly runs: readonly Run[];
  readonly incomplete: FoundRuns['incomplete'];
  readonly results: readonly CheckResult[];
}

/**
 * Checks finished runs. They are scored one after the other from what is stored; of each only its summary is kept.
 *
 * @throws InputError where there are no finished runs, or a manifest or training data is broken.
 */
export async function checkRuns({ runs: places, preset, suite, onChecked }: CheckOptions): Promise<Checked> {
  const { runs, incomplete } = await findRuns(places, suite);
  const names = nameRuns(runs);
  const checks = new RunChecks();
  const metrics = [...(await ownMetrics(runs)), ...checks.metrics];
  const orders = new QuestionOrders();
  for (const [at, run] of runs.entries()) {
    try {
      const by = { preset: preset ?? run.manifest.preset, metrics };
      await checks.look(run, names[at]!, await readRun(run, by, orders, { allowMissing: true }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      checks.unreadable(run, error.problems);
    }
    onChecked?.(at + 1, runs.length);
  }
  return { runs, incomplete, results: await checks.results() };
}
