import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { chance, pick, sample } from './draw.ts';
import { drawName, sameName, shareWord, type AtlasSplit } from './entity-name.ts';
import { attributesOf, type Entity } from './entity.ts';
import { KINDS, type Attribute, type Kind, type Link } from './grammar.ts';
import type { ValueSource } from './value-source.ts';

/** What a distractor is drawn against. */
export interface DistractorOptions {
  /** The entity from which it distracts. */
  readonly subject: Entity;
  /** What is asked of the subject. */
  readonly asked: readonly (Attribute | Link)[];
  /** All that are there, the subject among them: their names are taken. */
  readonly entities: readonly Entity[];
  readonly values: ValueSource;
  readonly facts: number;
  readonly shared: number;
  readonly names: number;
}

/** Names of a split with a word of a given one, at least: of 24 words, a quarter of the pairs. Above this many, further names share none. */
const MOST_SHARING = 10;

/** Another entity beside the subject; `shared` and `names` are drawn independently of each other. */
export function drawDistractor(
  random: RandomGenerator,
  split: AtlasSplit,
  { subject, asked, entities, values, facts, shared, names }: DistractorOptions,
): Entity {
  const shares = chance(random, shared);
  const named = chance(random, names);
  const others = attributesOf(subject.name.kind).filter((attribute) => !asked.includes(attribute));
  const kind = shares ? subject.name.kind : otherKind();
  const own = kind === subject.name.kind ? others : attributesOf(kind);
  const stated = shares ? [...asked, ...sample(random, own, facts - asked.length)] : own;
  const sharing = entities.filter(({ name }) => shareWord(name, subject.name)).length - 1;
  const withWord = named && kind === subject.name.kind && sharing < MOST_SHARING;
  const name = drawName(
    random,
    split,
    kind,
    (drawn) => shareWord(drawn, subject.name) === withWord && !entities.some((entity) => sameName(entity.name, drawn)),
  );
  return { name, facts: values.facts(sample(random, stated, facts)) };

  function otherKind(): Kind {
    if (others.length < facts)
      return pick(
        random,
        KINDS.filter((one) => one !== subject.name.kind),
      );
    return named ? subject.name.kind : pick(random, KINDS);
  }
}
