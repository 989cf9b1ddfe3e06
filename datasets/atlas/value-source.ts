import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { sample } from './draw.ts';
import type { Fact } from './entity.ts';
import type { Attribute, Link } from './grammar.ts';
import { pools } from './pools.ts';

/** Gives out the values of one world: no value of an attribute twice, in a drawn order. */
export class ValueSource {
  readonly #random: RandomGenerator;
  readonly #linked: (link: Link) => string;
  readonly #left = new Map<string, string[]>();

  /** `linked`: gives the names that links lead to. */
  constructor(
    random: RandomGenerator,
    linked: (link: Link) => string = ({ id }) => {
      throw new RangeError(`no link ${id} in this world`);
    },
  ) {
    this.#random = random;
    this.#linked = linked;
  }

  /** Facts with fresh values. @throws RangeError after 24 of one attribute. */
  facts(predicates: readonly (Attribute | Link)[]): Fact[] {
    return predicates.map((predicate) => ({
      predicate,
      value: 'target' in predicate ? this.#linked(predicate) : this.#value(predicate),
    }));
  }

  #value({ id, pool }: Attribute): string {
    const left = this.#left.get(id) ?? sample(this.#random, pools[pool], pools[pool].length);
    this.#left.set(id, left);
    const value = left.pop();
    if (value === undefined) throw new RangeError(`${id}: no value left`);
    return value;
  }
}
