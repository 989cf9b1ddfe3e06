import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { pick, sample } from './draw.ts';
import { drawDistractor } from './draw-distractor.ts';
import { drawName, type AtlasSplit } from './entity-name.ts';
import { attributesOf, type Entity, type Fact } from './entity.ts';
import { KINDS } from './grammar.ts';
import { ValueSource } from './value-source.ts';

/** How a world is drawn; see dials.ts. */
export interface WorldOptions {
  /** Entities, 1 to 24. */
  readonly documents: number;
  /** Facts of an entity, 1 to 6. */
  readonly facts: number;
  /** Probability that another entity has the asked attributes too, with other values (1: all have). */
  readonly shared: number;
  /** Probability that another entity's name has one word of the subject's. */
  readonly names: number;
  /** Which of the subject's facts are asked. */
  readonly ask: 'one' | 'all';
}

/** A closed world: what the passages of one question, or of some questions on the same passages, are about. */
export interface World {
  /** In the order in which the passages are shown; names differ, and so do all values of one attribute. */
  readonly entities: readonly Entity[];
  /** The entity that is asked for: one of them, each place equally often. */
  readonly subject: Entity;
  /** The facts of the subject that are asked for. */
  readonly asked: readonly Fact[];
}

/**
 * A drawn world of entities of a split, with facts drawn for it alone: each value is uniform over its pool, whatever the names and all else.
 * An entity that does not share the asked attributes states none of them; where its kind has not enough others, it is of another kind, and then shares no word of the name.
 */
export function drawWorld(random: RandomGenerator, split: AtlasSplit, options: WorldOptions): World {
  const kind = pick(random, KINDS);
  const values = new ValueSource(random);
  const subject: Entity = {
    name: drawName(random, split, kind),
    facts: values.facts(sample(random, attributesOf(kind), options.facts)),
  };
  const asked = options.ask === 'all' ? subject.facts : [pick(random, subject.facts)];
  const entities = [subject];
  const against = { subject, asked: asked.map(({ predicate }) => predicate), entities, values, ...options };
  while (entities.length < options.documents) entities.push(drawDistractor(random, split, against));
  return { entities: sample(random, entities, entities.length), subject, asked };
}
