import path from 'node:path';
import type { Example } from '../../datasets/example.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import type { Suite } from './load-suite.ts';
import { openQuestions } from './open-questions.ts';
import { examplesHash } from './own-examples.ts';
import { selectExamples } from './select-examples.ts';

/** The chosen questions of a benchmark or of the training. */
export interface Questions {
  readonly benchmark: RunManifest['benchmark'];
  readonly selection: RunManifest['selection'];
  readonly examples: readonly Example[];
  readonly sha256: string;
}

/**
 * Reads the questions that a suite's entry names.
 *
 * @throws InputError where they are not to be had.
 */
export async function questionsOf(entry: Suite['benchmarks'][number], root: string | undefined): Promise<Questions> {
  const questions = await openQuestions({ ...entry, root: root && path.resolve(root) });
  const selection: Questions['selection'] = {
    limit: entry.limit ?? null,
    rule: entry.select,
    seed: entry.select === 'random' ? entry.seed : null,
  };
  const { benchmark } = questions;
  const examples = await selectExamples(questions.load(), selection, benchmark.file ?? benchmark.id);
  return { benchmark, selection, examples, sha256: examplesHash(examples) };
}
