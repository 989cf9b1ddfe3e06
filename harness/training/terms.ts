import { tf } from '../engine/tensorflow.ts';
import type { LossTerms } from './trainable.ts';

/** Loss terms by name, as numbers. */
export type Terms = Readonly<Record<string, number>>;

/** The numbers of loss terms, which are freed. */
export function readTerms(terms: LossTerms): Terms {
  const numbers = Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]!]));
  tf.dispose(Object.values(terms));
  return numbers;
}

/** Adds terms, times a weight, to a sum. */
export function addTerms(sum: Record<string, number>, terms: Terms, weight: number): void {
  for (const [name, value] of Object.entries(terms)) sum[name] = (sum[name] ?? 0) + weight * value;
}
