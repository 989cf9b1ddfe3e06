import type { Example } from '../datasets/example.ts';

/**
 * Indexes into the example's docs, in the order in which a system reads them: the gold passages in the order of `pos_index`, all, or the first n.
 *
 * @throws Error where the gold passages are asked for and the example names none.
 */
export function chooseDocuments(example: Example, docs: 'gold' | 'all' | number): number[] {
  if (docs === 'gold') {
    if (example.pos_index.length === 0) throw new Error('the example names no gold passages (pos_index is empty)');
    return [...example.pos_index];
  }
  const count = docs === 'all' ? example.docs.length : Math.min(docs, example.docs.length);
  return Array.from({ length: count }, (_, index) => index);
}
