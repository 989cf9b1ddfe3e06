import { InputError } from '../errors.ts';
import { shuffled } from './shuffled.ts';

/**
 * Parts the items into those to train on and a share that is held out (at least one where the share is above 0), both in the order given. Which are held out depends on the number
 * of items and the seed alone.
 *
 * @throws InputError where nothing would be left to train on
 */
export function holdOut<Item>(
  items: readonly Item[],
  share: number,
  seed: number,
): { training: readonly Item[]; validation: readonly Item[] } {
  if (share === 0) return { training: items, validation: [] };
  const count = Math.max(1, Math.round(share * items.length));
  if (count >= items.length) {
    throw new InputError(
      `validation: expected at least ${count + 1} items to hold ${count} of them out, got ${items.length}`,
    );
  }
  const held = new Set(shuffled(items.length, seed).slice(0, count));
  return {
    training: items.filter((_, place) => !held.has(place)),
    validation: items.filter((_, place) => held.has(place)),
  };
}
