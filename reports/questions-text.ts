import path from 'node:path';
import { benchmarkName } from '../datasets/benchmark-name.ts';
import type { RunManifest } from '../harness/store/run-manifest.ts';

/** The questions of a run or of a training in words: benchmark, file, choice, number and hash. */
export function questionsText({
  benchmark,
  examples,
  selection,
}: Pick<RunManifest, 'benchmark' | 'examples' | 'selection'>): string {
  const chosen =
    selection.limit === null
      ? 'all questions'
      : `${selection.limit} questions at most, ${selection.rule === 'first' ? 'the first ones' : `drawn with seed ${selection.seed}`}`;
  const file = benchmark.file
    ? `${path.basename(benchmark.file)}, SHA-256 ${benchmark.sha256}`
    : `module, SHA-256 ${benchmark.sha256}`;
  return `${benchmarkName(benchmark)} (${benchmark.split}): ${file}; ${chosen}: ${examples.count}, SHA-256 of the questions ${examples.sha256}`;
}
