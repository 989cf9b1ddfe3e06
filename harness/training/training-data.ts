import { InputError } from '../errors.ts';
import { deriveSeed } from './derive-seed.ts';
import { holdOut } from './hold-out.ts';
import type { TrainingSettings } from './training-settings.ts';

/** An item and what it is called in messages. */
export interface Entry<Item> {
  readonly item: Item;
  readonly name: string;
}

/** Items to train on and items that are held out. */
export interface TrainingData<Item> {
  readonly training: readonly Entry<Item>[];
  readonly validation: readonly Entry<Item>[];
}

/**
 * Parts items into those to train on and those held out.
 *
 * @param given held-out items of the caller's own
 * @throws InputError without items
 */
export function trainingData<Item>(
  items: readonly Item[],
  given: readonly Item[] | undefined,
  { validation }: TrainingSettings,
  seed: number,
  nameOf: ((item: Item) => string) | undefined,
): TrainingData<Item> {
  if (items.length === 0) throw new InputError('training: expected at least one item, got none');
  const named = (list: readonly Item[], kind: string): Entry<Item>[] =>
    list.map((item, place) => ({ item, name: nameOf?.(item) ?? `${kind} ${place}` }));
  const all = named(items, 'item');
  if (given) return { training: all, validation: named(given, 'validation item') };
  return holdOut(all, validation.share, deriveSeed(seed, all.length));
}
