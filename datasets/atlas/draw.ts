import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** True with a probability from 0 to 1. Exact: a product with a power of two does not round. */
export function chance(random: RandomGenerator, probability: number): boolean {
  return uniformInt(random, 0, 2 ** 32 - 1) < probability * 2 ** 32;
}

/** One of the items, each equally often. */
export function pick<Item>(random: RandomGenerator, items: readonly Item[]): Item {
  return items[uniformInt(random, 0, items.length - 1)]!;
}

/** So many of the items, none twice, in a drawn order: Fisher and Yates, stopped early. */
export function sample<Item>(random: RandomGenerator, items: readonly Item[], count: number): Item[] {
  const rest = [...items];
  for (let at = 0; at < count; at++) {
    const drawn = uniformInt(random, at, rest.length - 1);
    [rest[at], rest[drawn]] = [rest[drawn]!, rest[at]!];
  }
  return rest.slice(0, count);
}
