import { createHash } from 'node:crypto';
import path from 'node:path';
import { InputError } from '../harness/errors.ts';
import { readLines } from '../harness/files/read-lines.ts';
import { scoreFiles, type ScoreFilesOptions, type Scores } from '../harness/scoring/score-files.ts';
import type { ScoreRow } from '../harness/scoring/tally.ts';
import type { Run } from './find-runs.ts';
import { nameRuns, type RunNames } from './run-names.ts';

/** A run with its scores and the names under which it stands in tables and charts. */
export interface ReportRow extends Run, RunNames {
  readonly scores: Scores;
  /** Source tokens divided by the vectors that stand for them; null for a system that reads no documents. */
  readonly measuredRatio: number | null;
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
 * @throws InputError where a file is not the one that the manifest was written for.
 */
export async function scoreRuns(
  runs: readonly Run[],
  by: ScoredBy,
  onScored: (done: number) => void = () => undefined,
): Promise<ReportRow[]> {
  const names = nameRuns(runs);
  const rows: ReportRow[] = [];
  for (const [at, run] of runs.entries()) {
    const scores = await scoreRun(run, by);
    const measuredRatio = scores.rows.find(({ metric }) => metric === 'compression-ratio')?.value ?? null;
    rows.push({ ...run, ...names[at]!, scores, measuredRatio });
    onScored(at + 1);
  }
  return rows.sort(inReportOrder);
}

/** A row's score by a metric, where the metric applied to any question. */
export function scoreOf({ scores }: ReportRow, metric: string): ScoreRow | undefined {
  return scores.rows.find((row) => row.metric === metric);
}

/** False for a system that only ranks: it stands in no table of answers. */
export function givesAnswers({ manifest }: Run): boolean {
  return manifest.system.answers !== false;
}

async function scoreRun({ folder, manifest }: Run, by: ScoredBy): Promise<Scores> {
  const examples = path.join(folder, RUN_FILES.examples);
  const scores = await scoreFiles({
    predictions: path.join(folder, RUN_FILES.predictions),
    data: examples,
    timings: path.join(folder, RUN_FILES.timings),
    failures: path.join(folder, RUN_FILES.failures),
    ...by,
    peakMemoryBytes: manifest.peakMemoryBytes,
    rankingOnly: !givesAnswers({ folder, manifest }),
  });
  const found = { ...scores.hashes, examples: await linesHash(examples) };
  const wanted = { ...manifest.files, examples: manifest.examples.sha256 };
  const problems = (Object.keys(RUN_FILES) as (keyof typeof RUN_FILES)[])
    .filter((kind) => found[kind] !== wanted[kind])
    .map(
      (kind) =>
        `${path.join(folder, RUN_FILES[kind])}: expected the content that the manifest names (SHA-256 ${wanted[kind]}), got ${found[kind]}: it was changed after the run`,
    );
  if (problems.length > 0) throw new InputError(problems);
  return scores;
}

/** SHA-256 of a file's lines before compression. */
async function linesHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const { text } of readLines(file)) hash.update(`${text}\n`);
  return hash.digest('hex');
}

function inReportOrder(one: ReportRow, other: ReportRow): number {
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
