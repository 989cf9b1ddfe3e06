import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Example } from '../../datasets/example.ts';
import { InputError } from '../errors.ts';
import type { RunManifest } from '../store/run-manifest.ts';

/**
 * The questions of a job, in the benchmark's order: all, the first `limit`, or `limit` drawn without replacement by reservoir sampling (Vitter's algorithm R:
 * row i of the file, counted from 0, is kept with probability limit / (i + 1), in place of one of those kept, by xoroshiro128+ from the seed). One pass, only the kept in memory.
 *
 * @throws InputError where an id occurs twice among the kept, or where there are none.
 */
export async function selectExamples(
  examples: AsyncIterable<Example>,
  { limit, rule, seed }: RunManifest['selection'],
  where: string,
): Promise<Example[]> {
  const kept: { example: Example; row: number }[] = [];
  const random = xoroshiro128plus(seed ?? 0);
  let row = 0;
  for await (const example of examples) {
    if (limit === null || kept.length < limit) {
      kept.push({ example, row });
    } else if (rule === 'first') {
      break;
    } else {
      const place = uniformInt(random, 0, row);
      if (place < limit) kept[place] = { example, row };
    }
    row++;
  }
  const selected = kept.sort((a, b) => a.row - b.row).map(({ example }) => example);
  if (selected.length === 0) throw new InputError(`${where}: expected at least one question, got none`);
  const seen = new Set<string>();
  const doubled = selected.filter(({ id }) => seen.size === seen.add(id).size).map(({ id }) => JSON.stringify(id));
  if (doubled.length > 0) {
    throw new InputError(
      `${where}: expected every id once, got ${doubled.length} again: ${doubled.slice(0, 5).join(', ')}`,
    );
  }
  return selected;
}
