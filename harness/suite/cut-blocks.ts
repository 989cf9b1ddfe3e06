import type { Example } from '../../datasets/example.ts';
import type { System } from '../system.ts';

/** Characters that a system reads for an example, as it says itself, or else of the question and all candidates. */
export function lengthOf(system: System, example: Example, settings: Readonly<Record<string, unknown>>): number {
  if (system.length) return system.length(example, settings);
  return example.docs.reduce((sum, { title, text }) => sum + title.length + text.length, example.question.length);
}

/**
 * The blocks in which a job's questions are answered: of `batch` questions each, the longest first, so that a memory that is too small shows at once.
 * They depend on the whole job alone, never on what is answered already: a resumed job computes the same blocks again.
 */
export function cutBlocks(
  examples: readonly Example[],
  length: (example: Example) => number,
  batch: number,
): Example[][] {
  const sorted = examples
    .map((example, at) => ({ example, at, length: length(example) }))
    .sort((a, b) => b.length - a.length || a.at - b.at)
    .map(({ example }) => example);
  return Array.from({ length: Math.ceil(sorted.length / batch) }, (_, block) =>
    sorted.slice(block * batch, (block + 1) * batch),
  );
}
