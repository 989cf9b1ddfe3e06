import { access } from 'node:fs/promises';
import path from 'node:path';
import { digest } from '../../datasets/digest.ts';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import type { CheckedRun } from './checked-run.ts';
import type { Findings } from './findings.ts';

/** Rows of files of data, each counted once. */
export class RowCounts {
  readonly #known = new Map<string, Promise<number | undefined>>();

  /** Undefined where the file is not there (any more): a run can be checked without it. */
  async of(file: string): Promise<number | undefined> {
    if (!this.#known.has(file)) {
      const there = access(file).then(
        () => true,
        () => false,
      );
      this.#known.set(
        file,
        there.then(async (isThere) => (isThere ? (await digest(file)).rows : undefined)),
      );
    }
    return this.#known.get(file)!;
  }
}

/** Every question of the data has exactly one answer or recorded failure, and the files are those that the run wrote. */
export async function rowsMatchData(
  { name, manifest, scores, questions, changed }: CheckedRun,
  rows: RowCounts,
  findings: Findings,
): Promise<void> {
  const { counts, examples, benchmark, selection } = manifest;
  findings.look('runs');
  findings.look('questions', scores.questions);
  findings.fail(changed);
  if (scores.missing > 0)
    findings.fail(`${name}: expected an answer or a recorded failure for every question, ${scores.missing} have none`);
  const expected: readonly [string, number, number][] = [
    ['questions of the run', counts.questions, scores.questions],
    ['questions in its file', examples.count, questions.order.ids.length],
    ['answers', counts.predictions, scores.scored],
    ['recorded failures', counts.failures, scores.failures],
  ];
  for (const [what, wanted, got] of expected) {
    if (wanted !== got) findings.fail(`${name}: expected ${wanted} ${what} as in the manifest, got ${got}`);
  }
  const inData = benchmark.file === null ? undefined : await rows.of(benchmark.file);
  if (inData !== undefined) {
    findings.look('runs with their data at hand');
    const wanted = Math.min(selection.limit ?? Infinity, inData);
    if (examples.count !== wanted)
      findings.fail(
        `${name}: expected ${wanted} questions (${limitText(selection)} ${inData} in ${path.basename(benchmark.file!)}), got ${examples.count}`,
      );
  }
  if (scores.failures > 0)
    findings.warn(`${name}: ${scores.failures} of ${scores.questions} questions failed and are in no score`);
}

function limitText({ limit }: RunManifest['selection']): string {
  return limit === null ? 'all of' : `at most ${limit} of`;
}
