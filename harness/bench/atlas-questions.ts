import { atlasDials } from '../../datasets/atlas/dials.ts';
import { openBenchmark } from '../../datasets/open-benchmark.ts';
import type { Example } from '../../datasets/example.ts';

/** The first questions of a split of atlas, with 8 passages each. */
export async function atlasQuestions(split: string, count: number): Promise<Example[]> {
  const { load } = await openBenchmark('atlas', { split, questions: count, dials: atlasDials.parse({ documents: 8 }) });
  const examples: Example[] = [];
  for await (const example of load()) if (examples.push(example) === count) break;
  return examples;
}
