import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { AtlasDials } from './dials.ts';
import { chance, pick, sample } from './draw.ts';
import { drawDistractor } from './draw-distractor.ts';
import { drawWorld } from './draw-world.ts';
import { drawName, sameName, writtenName, type AtlasSplit, type EntityName } from './entity-name.ts';
import { attributesOf, fill, question, type Entity, type Fact } from './entity.ts';
import { KINDS, links, type Attribute } from './grammar.ts';
import { drawWording } from './passage.ts';
import { ValueSource } from './value-source.ts';

/** Questions on one list of entities, with the entities whose passages answer them. */
export interface Problem {
  /** In the order in which the passages are shown. */
  readonly entities: readonly Entity[];
  readonly gold: readonly Entity[];
  readonly asked: readonly { readonly question: string; readonly answer: string }[];
}

/** A drawn problem of the type that the dials ask for. */
export function drawProblem(random: RandomGenerator, split: AtlasSplit, dials: AtlasDials): Problem {
  if (chance(random, dials.comparison)) return comparison(random, split, dials);
  if (dials.hops === 2) return twoHops(random, split, dials);
  const { entities, subject, asked } = drawWorld(random, split, dials);
  return { entities, gold: [subject], asked: asked.map((fact) => ask(random, subject, fact)) };
}

function ask(random: RandomGenerator, entity: Entity, fact: Fact, subject?: string): Problem['asked'][number] {
  return { question: question(entity, fact, drawWording(random), subject), answer: fact.value };
}

/** Whether two entities have the same value; as often as not. */
function comparison(random: RandomGenerator, split: AtlasSplit, dials: AtlasDials): Problem {
  const kind = pick(random, KINDS);
  const values = new ValueSource(random);
  const stated = sample(random, attributesOf(kind), dials.facts);
  const subject: Entity = { name: drawName(random, split, kind), facts: values.facts(stated) };
  const fact = pick(random, subject.facts);
  const entities = [subject];
  const against = { subject, asked: [fact.predicate], entities, values, ...dials };
  const drawn = drawDistractor(random, split, { ...against, shared: 1 });
  const same = chance(random, 0.5);
  const other = same
    ? { ...drawn, facts: drawn.facts.map((one) => (one.predicate === fact.predicate ? fact : one)) }
    : drawn;
  entities.push(other);
  while (entities.length < dials.documents) entities.push(drawDistractor(random, split, against));
  const gold = [subject, other];
  const [first, second] = sample(random, gold, 2).map(({ name }) => writtenName(name));
  const template = (fact.predicate as Attribute).same;
  return {
    entities: sample(random, entities, entities.length),
    gold,
    asked: [{ question: fill(template, { name: first!, other: second! }), answer: same ? 'yes' : 'no' }],
  };
}

/**
 * A question about the entity that a link leads to, which another passage names. Each distractor is drawn against one of the two; those against the first may state the same link,
 * to a distractor where one is left, so that being named in a passage does not tell the gold one.
 */
function twoHops(random: RandomGenerator, split: AtlasSplit, dials: AtlasDials): Problem {
  const link = pick(random, links);
  const entities: Entity[] = [];
  const targets: EntityName[] = [];
  const named: EntityName[] = [];
  const values = new ValueSource(random, ({ target }) => {
    const isTaken = (name: EntityName): boolean =>
      [...entities.map((entity) => entity.name), ...named].some((one) => sameName(one, name));
    const name = targets.shift() ?? drawName(random, split, target, (drawn) => !isTaken(drawn));
    named.push(name);
    return writtenName(name);
  });

  const stated = sample(random, attributesOf(link.target), dials.facts);
  const target: Entity = { name: drawName(random, split, link.target), facts: values.facts(stated) };
  const fact = pick(random, target.facts);
  targets.push(target.name);
  entities.push(target);
  const beside = sample(random, attributesOf(link.kind), dials.facts - 1);
  const facts = values.facts(sample(random, [link, ...beside], dials.facts));
  const subject: Entity = { name: drawName(random, split, link.kind), facts };
  entities.push(subject);

  const distractors = dials.documents - entities.length;
  const besideTarget = Array.from({ length: distractors }, () => chance(random, 0.5)).filter(Boolean).length;
  for (let at = 0; at < distractors; at++) {
    const against = at < besideTarget ? { subject: target, asked: [fact.predicate] } : { subject, asked: [link] };
    const drawn = drawDistractor(random, split, { ...against, entities, values, ...dials });
    entities.push(drawn);
    if (at < besideTarget && drawn.name.kind === link.target) targets.push(drawn.name);
  }
  return {
    entities: sample(random, entities, entities.length),
    gold: [subject, target],
    asked: [ask(random, target, fact, fill(link.phrase, { name: writtenName(subject.name) }))],
  };
}
