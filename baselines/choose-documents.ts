import type { Example } from '../datasets/example.ts';
import { bm25Ranking } from './rankers/bm25.ts';

/**
 * Which candidates a system reads: none, the gold passages in the order of `pos_index`, all in the order given, the first n (the normal pool), `oracle-n`: n candidates in
 * the order given among which the gold passages are (the oracle pool), or `bm25-n`: the n best by BM25, best first (retrieve, then read).
 */
export type DocumentChoice = 'none' | 'gold' | 'all' | number | `oracle-${number}` | `bm25-${number}`;

/** Indexes into the example's docs, in the order in which a system reads them. */
export function chooseDocuments(example: Example, choice: DocumentChoice): number[] {
  if (choice === 'gold') return [...example.pos_index];
  const all = example.docs.map((_, index) => index);
  if (choice === 'all') return all;
  if (choice === 'none') return [];
  if (typeof choice === 'number') return all.slice(0, choice);
  const size = Number(choice.split('-')[1]);
  if (choice.startsWith('bm25-')) return bm25Ranking(example).slice(0, size);
  const gold = new Set(example.pos_index.slice(0, size));
  const others = all.filter((index) => !gold.has(index)).slice(0, size - gold.size);
  return [...gold, ...others].sort((a, b) => a - b);
}
