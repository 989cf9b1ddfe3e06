import path from 'node:path';
import { InputError } from '../harness/errors.ts';
import type { Metric } from '../harness/metrics/metric.ts';
import { findPreset } from '../harness/metrics/presets.ts';
import { scoreFiles, type ScoreFilesOptions, type Scores } from '../harness/scoring/score-files.ts';
import type { ScoreRow } from '../harness/scoring/tally.ts';
import type { Run } from './find-runs.ts';
import type { RunChecks } from './check/run-checks.ts';
import { QuestionOrders } from './questions/question-order.ts';
import { QuestionScores } from './questions/question-scores.ts';
import { nameRuns, type RunNames } from './run-names.ts';

/** A run with its scores and its names. */
export interface ScoredRun extends Run, RunNames {
  readonly scores: Scores;
  /** The same question by question. */
  readonly questions: QuestionScores;
  /** Source tokens divided by the vectors that stand for them; null for a system that reads no documents. */
  readonly measuredRatio: number | null;
}

/** A metric over the training seeds of a row. */
export interface SeedsScore extends ScoreRow {
  /** Sample standard deviation of the seeds' values; null for one seed. */
  readonly deviation: number | null;
}

/**
 * What stands in tables as one row and in charts as one point: a configuration with all of its training seeds (see `rowsOf`). `label` is without a seed. Of one seed everything
 * is its run's. Folder and manifest are those of the first seed; of `questions` each value is the mean over the seeds.
 */
export interface ReportRow extends ScoredRun {
  /** The single runs, by seed. */
  readonly seeds: readonly ScoredRun[];
  /** Whether several seeds gave the same answers, byte for byte, as systems without training do: they count as one then. */
  readonly sameAnswers: boolean;
  readonly scores: Scores & {
    readonly rows: readonly SeedsScore[];
  };
}

type ScoredBy = Required<Pick<ScoreFilesOptions, 'preset' | 'metrics'>>;

/** Files of a run's folder. */
export const RUN_FILES = {
  examples: 'examples.jsonl.gz',
  predictions: 'predictions.jsonl',
  timings: 'timings.jsonl',
  failures: 'failures.jsonl',
} as const;

/**
 * Scores every run from its stored predictions and names it. Rows come benchmark by benchmark; in a benchmark systems without documents first, then uncompressed
 * ones, then by ratio.
 *
 * @param by.checks are shown every run, with values that they alone need
 * @throws InputError where a file is not the one that the manifest was written for.
 */
export async function scoreRuns(
  runs: readonly Run[],
  { preset, metrics, checks }: ScoredBy & { readonly checks?: RunChecks },
  onScored: (done: number) => void = () => undefined,
): Promise<ScoredRun[]> {
  const names = nameRuns(runs);
  const rows: ScoredRun[] = [];
  const orders = new QuestionOrders();
  for (const [at, run] of runs.entries()) {
    const extra = checks?.metrics ?? [];
    const read = await scoreRun(run, { preset, metrics: [...metrics, ...extra] }, orders);
    await checks?.look(run, names[at]!, { ...read, changed: [] });
    const { scores, questions } = withoutMetrics(read, new Set(extra.map(({ id }) => id)));
    const measuredRatio = scores.rows.find(({ metric }) => metric === 'compression-ratio')?.value ?? null;
    rows.push({ ...run, ...names[at]!, scores, questions, measuredRatio });
    onScored(at + 1);
  }
  return rows.sort(inReportOrder);
}

function withoutMetrics(
  { scores, questions }: Omit<ReadRun, 'changed'>,
  ids: ReadonlySet<string>,
): Omit<ReadRun, 'changed'> {
  questions.forget(ids);
  const rows = scores.rows.filter(({ metric }) => !ids.has(metric));
  return { scores: { ...scores, rows, without: scores.without.filter((id) => !ids.has(id)) }, questions };
}

/** How many answers a row has of a question: its seeds, which count as one where all gave the same answers. */
export function countedSeeds({ seeds, sameAnswers }: ReportRow): number {
  return sameAnswers ? 1 : seeds.length;
}

/** The score of a row or a run by a metric, where the metric applied to any question. */
export function scoreOf<Row extends ReportRow | ScoredRun>(
  { scores }: Row,
  metric: string,
): Row['scores']['rows'][number] | undefined {
  return scores.rows.find((row) => row.metric === metric);
}

/** False for a system that only ranks: it stands in no table of answers. */
export function givesAnswers({ manifest }: Run): boolean {
  return manifest.system.answers !== false;
}

/** The models of these rows; what needs none has none. */
export function modelsOf(rows: readonly ScoredRun[]): string[] {
  return [...new Set(rows.flatMap(({ manifest }) => manifest.model?.id ?? []))];
}

/** A run's scores, and what is not as its manifest says. */
export interface ReadRun {
  readonly scores: Scores;
  readonly questions: QuestionScores;
  /** Files with another content than the one that the manifest was written for, one text each. */
  readonly changed: readonly string[];
}

/**
 * Scores a run from its stored predictions, with its values question by question of the metrics that are kept; unless said otherwise, of shares and times.
 *
 * @throws InputError where a file is not the one that the manifest was written for.
 */
export async function scoreRun(
  run: Run,
  by: ScoredBy,
  orders: QuestionOrders,
  isKept?: (metric: Metric) => boolean,
): Promise<Omit<ReadRun, 'changed'>> {
  const { changed, ...read } = await readRun(run, by, orders, { isKept });
  if (changed.length > 0) throw new InputError(changed);
  return read;
}

/** As `scoreRun`, but says what was changed instead of refusing it. @throws InputError where a file cannot be scored. */
export async function readRun(
  { folder, manifest }: Run,
  by: ScoredBy,
  orders: QuestionOrders,
  options: { readonly isKept?: (metric: Metric) => boolean; readonly allowMissing?: boolean } = {},
): Promise<ReadRun> {
  const { isKept = isShown, allowMissing } = options;
  const examples = path.join(folder, RUN_FILES.examples);
  const order = await orders.read(examples);
  const kept = [...findPreset(by.preset).metrics, ...by.metrics].filter(isKept);
  const questions = new QuestionScores(
    order,
    kept.map(({ id }) => id),
  );
  const scores = await scoreFiles({
    predictions: path.join(folder, RUN_FILES.predictions),
    data: examples,
    timings: path.join(folder, RUN_FILES.timings),
    failures: path.join(folder, RUN_FILES.failures),
    ...by,
    allowMissing,
    onQuestion: (id, valueOf) => questions.set(id, valueOf),
    peakMemoryBytes: manifest.peakMemoryBytes,
    rankingOnly: !givesAnswers({ folder, manifest }),
  });
  const found = { ...scores.hashes, examples: order.sha256 };
  const wanted = { ...manifest.files, examples: manifest.examples.sha256 };
  const changed = (Object.keys(RUN_FILES) as (keyof typeof RUN_FILES)[])
    .filter((kind) => found[kind] !== wanted[kind])
    .map(
      (kind) =>
        `${path.join(folder, RUN_FILES[kind])}: expected the content that the manifest names (SHA-256 ${wanted[kind]}), got ${found[kind]}: it was changed after the run`,
    );
  return { scores, questions, changed };
}

/** What reports need question by question. */
function isShown({ id, unit }: Metric): boolean {
  return unit === 'share' || unit === 'ms' || ['tokens-source', 'tokens-vectors', 'tokens-truncated'].includes(id);
}

function inReportOrder(one: ScoredRun, other: ScoredRun): number {
  return (
    compare(one.benchmark, other.benchmark) ||
    compare(one.model, other.model) ||
    Number(one.measuredRatio !== null) - Number(other.measuredRatio !== null) ||
    (one.manifest.ratio ?? 0) - (other.manifest.ratio ?? 0) ||
    compare(one.family, other.family) ||
    compare(one.label, other.label)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
