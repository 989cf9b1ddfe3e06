import type { Cell } from '../document.ts';

/** A cell's text in two: what is marked as best or tied, the value, and what stands behind it, the interval with the space before it. Without a rank nothing is marked. */
export function rankedText({ text, rank }: Cell): { marked: string; rest: string } {
  if (rank === undefined) return { marked: '', rest: text };
  const end = text.search(/ [[(†]/);
  return end < 0 ? { marked: text, rest: '' } : { marked: text.slice(0, end), rest: text.slice(end) };
}
