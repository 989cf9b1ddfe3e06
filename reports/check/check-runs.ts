import path from 'node:path';
import { InputError } from '../../harness/errors.ts';
import type { Metric } from '../../harness/metrics/metric.ts';
import { findRuns, type FoundRuns, type Run } from '../find-runs.ts';
import { ownMetrics } from '../own-metrics.ts';
import { goldCounts } from '../questions/gold-counts.ts';
import { QuestionOrders } from '../questions/question-order.ts';
import { readRun, RUN_FILES } from '../report-row.ts';
import { nameRuns } from '../run-names.ts';
import { answersUnseen } from './answers-unseen.ts';
import { atLeastExactMatch } from './at-least-exact-match.ts';
import type { CheckedRun, RunSummary } from './checked-run.ts';
import { emptyAnswer, fewEmptyAnswers } from './few-empty-answers.ts';
import { type CheckResult, Findings } from './findings.ts';
import { oracleAtLeastNormal } from './oracle-at-least-normal.ts';
import { passagesApart } from './passages-apart.ts';
import { recallInBounds } from './recall-in-bounds.ts';
import { RowCounts, rowsMatchData } from './rows-match-data.ts';
import { sameWithinTable } from './same-within-table.ts';
import { trainedApart } from './trained-apart.ts';
import { trainingOverlaps } from './training-overlap.ts';

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

/** What each check asks, in the order in which they are told. */
const RULES = {
  'rows-match-data': 'every question of the data has one answer or recorded failure, in unchanged files',
  'few-empty-answers': 'at most 1 % of the answers are empty',
  'at-least-exact-match': 'F1 and cover exact match are at least exact match',
  'recall-in-bounds': 'recall rises with k and stays under min(1, k / gold passages)',
  'oracle-at-least-normal': 'gold passages for certain do not lower exact match',
  'same-within-table': 'one table has the same questions, scorer, prompt, weights and programs',
  'trained-apart': 'no test question is among the training questions',
  'passages-apart': 'no test passage is in the training data',
  'answers-unseen': 'no pair of compression pretraining gives a test question’s answer',
} as const;

/**
 * Checks finished runs. They are scored one after the other from what is stored; of each only its summary is kept.
 *
 * @throws InputError where there are no finished runs, or a manifest or training data is broken.
 */
export async function checkRuns({ runs: places, preset, suite, onChecked }: CheckOptions): Promise<Checked> {
  const { runs, incomplete } = await findRuns(places, suite);
  const ids = Object.keys(RULES) as (keyof typeof RULES)[];
  const findings = Object.fromEntries(ids.map((id) => [id, new Findings()])) as Record<keyof typeof RULES, Findings>;
  const names = nameRuns(runs).map(
    ({ label, benchmark }, at) => `${label} on ${benchmark} (${path.basename(runs[at]!.folder)})`,
  );
  const metrics = [...(await ownMetrics(runs)), emptyAnswer];
  const reader = new CheckReader(metrics, preset);
  const rows = new RowCounts();
  const summaries: RunSummary[] = [];
  for (const [at, run] of runs.entries()) {
    const checked = await reader.read(run, names[at]!).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      findings['rows-match-data'].fail(error.problems);
    });
    if (checked) {
      await rowsMatchData(checked, rows, findings['rows-match-data']);
      fewEmptyAnswers(checked, findings['few-empty-answers']);
      atLeastExactMatch(checked, findings['at-least-exact-match']);
      recallInBounds(checked, findings['recall-in-bounds']);
      const { folder, manifest, name, scores, changed } = checked;
      summaries.push({ folder, manifest, name, scores, changed });
    }
    onChecked?.(at + 1, runs.length);
  }
  oracleAtLeastNormal(summaries, findings['oracle-at-least-normal']);
  sameWithinTable(runs, findings['same-within-table']);
  const overlaps = await trainingOverlaps(runs);
  trainedApart(overlaps, findings['trained-apart']);
  passagesApart(overlaps, findings['passages-apart']);
  answersUnseen(overlaps, findings['answers-unseen']);
  return { runs, incomplete, results: ids.map((id) => findings[id].result({ id, rule: RULES[id] })) };
}

/** Reads runs; what those of one benchmark share, once. */
class CheckReader {
  readonly #metrics: readonly Metric[];
  readonly #preset: string | undefined;
  readonly #orders = new QuestionOrders();
  readonly #golds = new Map<string, Promise<number[]>>();

  constructor(metrics: readonly Metric[], preset: string | undefined) {
    this.#metrics = metrics;
    this.#preset = preset;
  }

  async read(run: Run, name: string): Promise<CheckedRun> {
    const by = { preset: this.#preset ?? run.manifest.preset, metrics: this.#metrics };
    const read = await readRun(run, by, this.#orders, { allowMissing: true });
    const { sha256 } = read.questions.order;
    if (!this.#golds.has(sha256)) this.#golds.set(sha256, goldCounts(path.join(run.folder, RUN_FILES.examples)));
    return { ...run, ...read, name, golds: await this.#golds.get(sha256)! };
  }
}
