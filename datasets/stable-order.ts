import { sha256 } from '../harness/files/sha256.ts';
import type { Document } from './example.ts';

/**
 * Candidates from a file whose own order would give the gold passages away: gold and others together, in the order of the SHA-256 of question and
 * passage. Without pattern, and the same on every import.
 */
export function stableOrder(
  question: string,
  gold: readonly Document[],
  others: readonly Document[],
): { docs: Document[]; pos_index: number[] } {
  const entries = [...gold, ...others].map((doc, index) => ({
    doc,
    gold: index < gold.length,
    key: sha256(JSON.stringify([question, doc.title, doc.text])),
  }));
  entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    docs: entries.map(({ doc }) => doc),
    pos_index: entries.flatMap((entry, index) => (entry.gold ? [index] : [])),
  };
}
