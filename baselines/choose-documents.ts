import type { Example } from '../datasets/example.ts';

/** Which candidates a system reads: none, the gold passages in the order of `pos_index`, all in the order given, or the first n. */
export type DocumentChoice = 'none' | 'gold' | 'all' | number;

/** Indexes into the example's docs, in the order in which a system reads them. */
export function chooseDocuments(example: Example, choice: DocumentChoice): number[] {
  if (choice === 'gold') return [...example.pos_index];
  const wanted = choice === 'all' ? example.docs.length : choice === 'none' ? 0 : choice;
  return Array.from({ length: Math.min(wanted, example.docs.length) }, (_, index) => index);
}
