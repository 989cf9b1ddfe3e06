import { questionLine } from '../../harness/scoring/question-line.ts';
import { readRecords } from '../../harness/scoring/records.ts';

/** The number of gold passages of each question of a file of examples, in its order. */
export async function goldCounts(file: string): Promise<number[]> {
  const counts: number[] = [];
  for await (const records of readRecords(file, questionLine)) {
    counts.push(...records.map(({ value }) => value.pos_index.length));
  }
  return counts;
}
