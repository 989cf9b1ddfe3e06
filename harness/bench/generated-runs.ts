import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256 } from '../files/sha256.ts';
import { runManifestSchema } from '../store/run-manifest.ts';
import { folderOf } from '../suite/job.ts';

/** Sizes of the runs to make. */
export interface GeneratedRuns {
  readonly benchmarks: number;
  /** Runs of each benchmark: systems at ratios. */
  readonly systems: number;
  readonly questions: number;
}

const RATIOS = [4, 16, 32, 64];
const DOCUMENTS = 5;
const WORDS = 'river hall battle king north salt hills music lake green tower bridge stone harbour garden'.split(' ');

/** Writes finished runs as `clara-bench run` does, with made-up questions of five passages of forty words, answers, rankings, tokens and times: always the same ones. */
export async function generateRuns(folder: string, { benchmarks, systems, questions }: GeneratedRuns): Promise<void> {
  for (let benchmark = 0; benchmark < benchmarks; benchmark++) {
    const native = lines(questions, (at) => question(benchmark, at));
    const examples = gzipSync(native, { level: 1 });
    for (let system = 0; system < systems; system++) {
      await writeRun(folder, { benchmark, system, questions, native: sha256(native), examples });
    }
  }
}

interface Run {
  readonly benchmark: number;
  readonly system: number;
  readonly questions: number;
  readonly native: string;
  readonly examples: Buffer;
}

async function writeRun(runs: string, { benchmark, system, questions, native, examples }: Run): Promise<void> {
  const ratio = system === 0 ? null : RATIOS[system % RATIOS.length]!;
  const predictions = lines(questions, (at) => prediction(benchmark, system, ratio, at));
  const timings = lines(questions, (at) => ({ id: idOf(benchmark, at), ms: { prefill: 40 + (at % 9), decode: 100 } }));
  const family = Math.floor(system / RATIOS.length);
  const id = system === 0 ? 'text-lora' : family === 0 ? 'clara' : `system-${family}`;
  const manifest = runManifestSchema.parse({
    format: 1,
    kind: 'predict',
    key: sha256(`${benchmark} ${system}`),
    suite: 'generated',
    system: { id, description: 'made-up answers', module: null },
    settings: { docs: 'all', ...(ratio && { ratio }) },
    ratio,
    benchmark: { id: `benchmark-${benchmark}`, split: 'dev', file: null, sha256: native, module: null },
    selection: { limit: null, rule: 'first', seed: null },
    examples: { count: questions, sha256: native },
    model: { id: 'made-up', hash: sha256('made-up') },
    seed: 0,
    maxNewTokens: 32,
    batch: 8,
    preset: 'clara-bench',
    metrics: [],
    counts: { questions, predictions: questions, failures: 0 },
    files: { predictions: sha256(predictions), timings: sha256(timings), failures: sha256('') },
    wallMs: 1000,
    sessions: 1,
    peakMemoryBytes: 2 ** 30,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    versions: { program: '0.1.0', node: process.versions.node, tensorflow: null },
    machine: { host: 'made-up', platform: 'made-up', cpu: 'made-up', cores: 1, threads: 1, memoryBytes: 2 ** 33 },
  });
  const folder = path.join(runs, folderOf(manifest));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'examples.jsonl.gz'), examples);
  await writeFile(path.join(folder, 'predictions.jsonl'), predictions);
  await writeFile(path.join(folder, 'timings.jsonl'), timings);
  await writeFile(path.join(folder, 'failures.jsonl'), '');
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
}

function question(benchmark: number, at: number): object {
  return {
    id: idOf(benchmark, at),
    question: `Who built the ${words(at, 2)} in ${at}?`,
    answers: [words(at * 3 + benchmark, 2)],
    docs: Array.from({ length: DOCUMENTS }, (_, place) => ({
      title: words(at + place, 2),
      text: `${words(at * 5 + place, 39)}.`,
    })),
    pos_index: [at % DOCUMENTS],
  };
}

/** A system with a higher number or ratio has fewer questions right. */
function prediction(benchmark: number, system: number, ratio: number | null, at: number): object {
  const isRight = (at * 7919 + system * 104_729) % 100 > 20 + system + (ratio ?? 0) / 4;
  return {
    id: idOf(benchmark, at),
    prediction: words(at * 3 + benchmark + (isRight ? 0 : 1 + system), 2),
    ranking: Array.from({ length: DOCUMENTS }, (_, rank) => (rank + at + system) % DOCUMENTS),
    tokens: { source: 320, vectors: Math.round(320 / (ratio ?? 1)), prompt: 120, output: 4, truncated: 0 },
  };
}

function idOf(benchmark: number, at: number): string {
  return `${benchmark}-${at.toString(16).padStart(12, '0')}`;
}

function words(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => WORDS[(from * (at + 3) + 7 * at) % WORDS.length]).join(' ');
}

function lines(count: number, record: (at: number) => object): string {
  return Array.from({ length: count }, (_, at) => `${JSON.stringify(record(at))}\n`).join('');
}
