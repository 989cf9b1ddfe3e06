import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Example } from '../../datasets/example.ts';
import { nativeLine } from '../../datasets/native.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import type { Prediction } from '../../harness/prediction.ts';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import { folderOf } from '../../harness/suite/job.ts';

interface MadeTokens {
  readonly source: number;
  readonly vectors: number;
  readonly truncated?: number;
}

/** A run to write: what differs from a plain one. */
export interface MadeRun {
  readonly system: string;
  readonly settings?: Record<string, unknown>;
  readonly ratio?: number;
  readonly benchmark?: string;
  readonly examples?: readonly Example[];
  readonly answer: (example: Example, at: number) => string | Error;
  /** Tokens of the documents as text and what stands for them, the same for every question unless it says them by its place. */
  readonly tokens?: MadeTokens | ((at: number) => MadeTokens);
  /** The documents' order that every question gets. */
  readonly ranking?: number[];
  /** The documents that every answer is made from. */
  readonly selected?: number[];
  /** Milliseconds of a question's phases; `prefill` and `decode`, different for each question, without it. */
  readonly ms?: (at: number) => Prediction['ms'];
  readonly manifest?: Partial<RunManifest>;
}

/** Twelve plain questions. */
export function plainExamples(prefix = 'q'): Example[] {
  return Array.from({ length: 12 }, (_, at) => ({
    id: `${prefix}${at}`,
    question: `Which city is number ${at}?`,
    answers: [`City ${at}`, `Town ${at}`],
    docs: [{ title: `Number ${at}`, text: `City ${at} is number ${at}.` }],
    pos_index: [0],
  }));
}

/** Writes a finished run's folder, as `clara-bench run` does, and returns its path. */
export async function makeRun(runs: string, made: MadeRun): Promise<string> {
  const { system, settings = {}, ratio, benchmark = 'cities', examples = plainExamples(), tokens } = made;
  const given = examples.map((example, at) => ({ id: example.id, answer: made.answer(example, at) }));
  const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const answered = given.filter(({ answer }) => typeof answer === 'string');
  const predictions = lines(
    answered.map(({ id, answer }, at): Prediction => {
      const counts = typeof tokens === 'function' ? tokens(at) : tokens;
      return {
        id,
        prediction: answer as string,
        ...(made.ranking && { ranking: made.ranking }),
        ...(made.selected && { selected: made.selected }),
        ...(counts && { tokens: { truncated: 0, ...counts, prompt: counts.vectors + 40, output: 5 } }),
      };
    }),
  );
  const timings = lines(
    answered.map(({ id }, at) => ({ id, ms: made.ms?.(at) ?? { prefill: 40 + at, decode: 100 + at } })),
  );
  const failures = lines(
    given.flatMap(({ id, answer }) => (answer instanceof Error ? [{ id, error: answer.message }] : [])),
  );
  const native = examples.map((example) => `${nativeLine(example)}\n`).join('');
  const allSettings = ratio === undefined ? settings : { ...settings, ratio };
  const manifest: RunManifest = {
    format: 1,
    kind: 'predict',
    key: sha256(JSON.stringify([system, allSettings, benchmark, native, made.manifest])),
    suite: 'made',
    system: { id: system, description: `what ${system} does`, module: null },
    settings: allSettings,
    ratio: ratio ?? null,
    benchmark: {
      id: benchmark,
      split: 'dev',
      file: `/data/${benchmark}.jsonl`,
      sha256: sha256(benchmark),
      module: null,
    },
    selection: { limit: null, rule: 'first', seed: null },
    examples: { count: examples.length, sha256: sha256(native) },
    model: { id: 'tiny', hash: sha256('tiny') },
    seed: 0,
    trained: null,
    maxNewTokens: 32,
    batch: 8,
    preset: 'clara-bench',
    metrics: [],
    counts: { questions: examples.length, predictions: answered.length, failures: examples.length - answered.length },
    files: { predictions: sha256(predictions), timings: sha256(timings), failures: sha256(failures) },
    wallMs: 61_000,
    sessions: 1,
    peakMemoryBytes: 700 * 2 ** 20,
    startedAt: '2026-11-24T08:00:00.000Z',
    finishedAt: '2026-11-24T08:01:01.000Z',
    versions: { program: '0.1.0', node: '24.0.0', tensorflow: '2.21.0' },
    machine: {
      host: 'host',
      platform: 'linux-x64',
      cpu: 'Some CPU @ 2.00GHz',
      cores: 2,
      threads: 2,
      memoryBytes: 8 * 2 ** 30,
    },
    ...made.manifest,
  };
  const folder = path.join(runs, folderOf(manifest));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'examples.jsonl.gz'), gzipSync(native));
  await writeFile(path.join(folder, 'predictions.jsonl'), predictions);
  await writeFile(path.join(folder, 'timings.jsonl'), timings);
  await writeFile(path.join(folder, 'failures.jsonl'), failures);
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
