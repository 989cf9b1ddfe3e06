import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { writeAtomically } from '../files/write-atomically.ts';
import { scoreFiles } from '../scoring/score-files.ts';

const WORDS =
  'river the Hall Zürich battle 1911 of King North Salt Hills a music Ada Paris born Lake green Tower'.split(' ');
const BATCH = 1000;

/**
 * Predictions that are scored in a second, with all metrics of the default preset: made-up answers of a few words with a ranking of ten and token counts,
 * two answers to every fourth question. The same files for the same number.
 */
export async function measureScoring(predictions: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-scoring-'));
  try {
    const data = path.join(folder, 'data.jsonl');
    const answers = path.join(folder, 'predictions.jsonl');
    await writeAtomically(data, lines(predictions, question));
    await writeAtomically(answers, lines(predictions, prediction));
    const started = performance.now();
    await scoreFiles({ predictions: answers, data });
    return (1000 * predictions) / (performance.now() - started);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Some lines at a time, as a step of the stream for each would take longer than making them. */
async function* lines(count: number, record: (index: number) => object): AsyncGenerator<string> {
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => JSON.stringify(record(from + at)));
    yield `${batch.join('\n')}\n`;
  }
}

function question(index: number): object {
  return {
    id: idOf(index),
    question: `Who built the bridge over the river in ${index}?`,
    answers: index % 4 === 0 ? [phrase(index, 2), phrase(index + 5, 3)] : [phrase(index, 2)],
    docs: [],
    pos_index: [index % 10, 10],
  };
}

function prediction(index: number): object {
  return {
    id: idOf(index),
    prediction: index % 3 === 0 ? `The ${phrase(index, 2)}.` : phrase(index + 1, 4),
    ranking: Array.from({ length: 10 }, (_, rank) => (rank * 7 + index) % 20),
    tokens: { source: 640 + (index % 7), vectors: 40, prompt: 120, output: 6, truncated: 0 },
  };
}

function idOf(index: number): string {
  return index.toString(16).padStart(24, '0');
}

function phrase(index: number, words: number): string {
  return Array.from({ length: words }, (_, at) => WORDS[(index * (at + 3) + 7 * at) % WORDS.length]).join(' ');
}
