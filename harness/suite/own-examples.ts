import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Example } from '../../datasets/example.ts';
import { nativeLine, readNative } from '../../datasets/native.ts';
import { InputError } from '../errors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import { openQuestions } from './open-questions.ts';
import { selectExamples } from './select-examples.ts';

const EXAMPLES = 'examples.jsonl.gz';

/** Of any job, what says which questions it has. */
export type Asked = Pick<RunManifest, 'benchmark' | 'selection' | 'examples'>;

/** SHA-256 over the examples' lines in the native format. */
export function examplesHash(examples: readonly Example[]): string {
  const hash = createHash('sha256');
  for (const line of nativeLines(examples)) hash.update(line);
  return hash.digest('hex');
}

/**
 * A job's questions, from the benchmark.
 *
 * @throws InputError where the benchmark has changed since the job was planned.
 */
export async function examplesOf({ benchmark, selection, examples: planned }: Asked): Promise<Example[]> {
  const { id, split, file, module } = benchmark;
  const questions = await openQuestions({ file: file ?? undefined, module: module?.file, split });
  const examples = await selectExamples(questions.load(), selection, file ?? id);
  if (examplesHash(examples) === planned.sha256) return examples;
  throw new InputError(`${file ?? id}: its questions are not those that the plan was made for; run again`);
}

/**
 * A job's questions: those in its folder if they are the right ones, or else from the benchmark, and then kept in the folder.
 *
 * @throws as `examplesOf`.
 */
export async function ownExamples(job: Asked, folder: string): Promise<Example[]> {
  const file = path.join(folder, EXAMPLES);
  const kept = await all(readNative(file)).catch((error: unknown) => {
    // None there, or not whole: they are taken from the benchmark again.
    if (error instanceof InputError) return [];
    throw error;
  });
  if (examplesHash(kept) === job.examples.sha256) return kept;
  const examples = await examplesOf(job);
  await writeAtomically(file, nativeLines(examples));
  return examples;
}

function* nativeLines(examples: readonly Example[]): Generator<string> {
  for (const example of examples) yield `${nativeLine(example)}\n`;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
