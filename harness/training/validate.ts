import { setImmediate } from 'node:timers/promises';
import { microBatches } from './micro-batches.ts';
import { checkFinite } from './not-a-number.ts';
import { addTerms, readTerms, type Terms } from './terms.ts';
import type { Trainable } from './trainable.ts';
import type { Entry } from './training-data.ts';

/**
 * Loss terms over held-out items: means over micro-batches, each weighted by its items.
 *
 * @throws NotANumber where one is not a finite number
 */
export async function validate<Item>(
  trainable: Trainable<Item>,
  entries: readonly Entry<Item>[],
  microBatch: number,
): Promise<Terms> {
  const total: Record<string, number> = {};
  for (const group of microBatches(entries, microBatch, ({ item }) => trainable.tokens(item))) {
    const terms = readTerms(trainable.evaluate(group.map(({ item }) => item)));
    checkFinite(terms, () => group.map(({ name }) => name));
    addTerms(total, terms, group.length / entries.length);
    await setImmediate();
  }
  return total;
}
