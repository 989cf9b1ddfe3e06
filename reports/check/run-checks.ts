import path from 'node:path';
import type { Run } from '../find-runs.ts';
import { goldCounts } from '../questions/gold-counts.ts';
import { RUN_FILES, type ReadRun } from '../report-row.ts';
import type { RunNames } from '../run-names.ts';
import { answersUnseen } from './answers-unseen.ts';
import { atLeastExactMatch } from './at-least-exact-match.ts';
import type { RunSummary } from './checked-run.ts';
import { emptyAnswer, emptyUnread, fewEmptyAnswers } from './few-empty-answers.ts';
import { type CheckResult, Findings } from './findings.ts';
import { oracleAtLeastNormal } from './oracle-at-least-normal.ts';
import { passagesApart } from './passages-apart.ts';
import { recallInBounds } from './recall-in-bounds.ts';
import { RowCounts, rowsMatchData } from './rows-match-data.ts';
import { sameWithinTable } from './same-within-table.ts';
import { trainedApart } from './trained-apart.ts';
import { trainingOverlaps } from './training-overlap.ts';

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

/** Collects what the checks find in runs, which it is shown one after the other as they are scored; of each only its summary is kept. */
export class RunChecks {
  /** What runs must be scored by, beside their preset. */
  readonly metrics = [emptyAnswer, emptyUnread];

  readonly #findings = Object.fromEntries(Object.keys(RULES).map((id) => [id, new Findings()])) as Record<
    keyof typeof RULES,
    Findings
  >;
  readonly #rows = new RowCounts();
  readonly #golds = new Map<string, Promise<number[]>>();
  readonly #runs: Run[] = [];
  readonly #summaries: RunSummary[] = [];

  /** Looks at a scored run. */
  async look(run: Run, { label, benchmark }: Pick<RunNames, 'label' | 'benchmark'>, read: ReadRun): Promise<void> {
    const name = `${label} on ${benchmark} (${path.basename(run.folder)})`;
    const { sha256 } = read.questions.order;
    if (!this.#golds.has(sha256)) this.#golds.set(sha256, goldCounts(path.join(run.folder, RUN_FILES.examples)));
    const checked = { ...run, ...read, name, golds: await this.#golds.get(sha256)! };
    await rowsMatchData(checked, this.#rows, this.#findings['rows-match-data']);
    fewEmptyAnswers(checked, this.#findings['few-empty-answers']);
    atLeastExactMatch(checked, this.#findings['at-least-exact-match']);
    recallInBounds(checked, this.#findings['recall-in-bounds']);
    const { folder, manifest, scores, changed } = checked;
    this.#summaries.push({ folder, manifest, name, scores, changed });
    this.#runs.push(run);
  }

  /** Takes down that a run cannot be scored. */
  unreadable(run: Run, problems: readonly string[]): void {
    this.#findings['rows-match-data'].fail(problems);
    this.#runs.push(run);
  }

  /**
   * What was found, with what is to be seen over all runs.
   *
   * @throws InputError where training data is broken.
   */
  async results(): Promise<CheckResult[]> {
    const findings = this.#findings;
    oracleAtLeastNormal(this.#summaries, findings['oracle-at-least-normal']);
    sameWithinTable(this.#runs, findings['same-within-table']);
    const overlaps = await trainingOverlaps(this.#runs);
    trainedApart(overlaps, findings['trained-apart']);
    passagesApart(overlaps, findings['passages-apart']);
    answersUnseen(overlaps, findings['answers-unseen']);
    return (Object.keys(RULES) as (keyof typeof RULES)[]).map((id) => findings[id].result({ id, rule: RULES[id] }));
  }
}
