import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Kind } from './grammar.ts';
import { nameWords } from './names.ts';

/** The splits: entities of one never occur in another. */
export const ATLAS_SPLITS = ['train', 'dev', 'test'] as const;

/** One of ATLAS_SPLITS. */
export type AtlasSplit = (typeof ATLAS_SPLITS)[number];

/** Of the sums of the places of both words, modulo 4: half the names are train's, a quarter each dev's and test's, and every word occurs in all splits. */
const CLASSES: Readonly<Record<AtlasSplit, readonly number[]>> = { train: [0, 1], dev: [2], test: [3] };

/** A name: the places of its two words in the lists of its kind. */
export interface EntityName {
  readonly kind: Kind;
  readonly first: number;
  readonly last: number;
}

/** The name as it is written. */
export function writtenName({ kind, first, last }: EntityName): string {
  return `${nameWords[kind].first[first]!} ${nameWords[kind].last[last]!}`;
}

/** Whether two names have a word in common. */
export function shareWord(one: EntityName, other: EntityName): boolean {
  return one.kind === other.kind && (one.first === other.first || one.last === other.last);
}

/** Whether two names are the same. */
export function sameName(one: EntityName, other: EntityName): boolean {
  return one.kind === other.kind && one.first === other.first && one.last === other.last;
}

/** A drawn name of a split that `accept` takes; by default any. It must take one at least. */
export function drawName(
  random: RandomGenerator,
  split: AtlasSplit,
  kind: Kind,
  accept: (name: EntityName) => boolean = () => true,
): EntityName {
  const { first, last } = nameWords[kind];
  for (;;) {
    const name = { kind, first: uniformInt(random, 0, first.length - 1), last: uniformInt(random, 0, last.length - 1) };
    if (CLASSES[split].includes((name.first + name.last) % 4) && accept(name)) return name;
  }
}
