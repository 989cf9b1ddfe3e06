import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { Document } from '../example.ts';
import { sample } from './draw.ts';
import { writtenName } from './entity-name.ts';
import { fill, question, statement, type Entity, type Wording } from './entity.ts';
import { fillers } from './fillers.ts';
import { words } from './words.ts';

/** How a passage is written. */
export interface PassageOptions {
  /** Word tokens at most of a passage that is padded, with its title and colon; a longer one stays as it is. */
  readonly length: number | null;
  /** With `pairs` and `paraphrase`. */
  readonly pretraining: boolean;
}

/** The passage of an entity: its name as the title, and a sentence for each fact. The paraphrase has the other wording of each, in another order, without padding. */
export function passage(random: RandomGenerator, entity: Entity, { length, pretraining }: PassageOptions): Document {
  const { facts } = entity;
  const title = writtenName(entity.name);
  const wordings = facts.map(() => drawWording(random));
  const sentences = facts.map((fact, at) => statement(entity, fact, wordings[at]!));
  const padded = length === null ? sentences : pad(random, sentences, title, length);
  const document = { title, text: padded.join(' ') };
  if (!pretraining) return document;
  const pairs = facts.map((fact) => ({ question: question(entity, fact, drawWording(random)), answer: fact.value }));
  const order = otherOrder(random, facts.length);
  const paraphrase = order.map((at) => statement(entity, facts[at]!, wordings[at] === 0 ? 1 : 0)).join(' ');
  return { ...document, pairs, paraphrase };
}

/** One of the two wordings. */
export function drawWording(random: RandomGenerator): Wording {
  return uniformInt(random, 0, 1) as Wording;
}

/** Puts fillers, each once at most, at drawn places until the next one would be too much. */
function pad(random: RandomGenerator, sentences: readonly string[], title: string, length: number): string[] {
  const padded = [...sentences];
  let room = length - words(`${title}: ${sentences.join(' ')}`).length;
  for (const template of sample(random, fillers, fillers.length)) {
    const filler = fill(template, { name: title });
    room -= words(filler).length;
    if (room < 0) break;
    padded.splice(uniformInt(random, 0, padded.length), 0, filler);
  }
  return padded;
}

/** The numbers from 0 to below `count` in a drawn order, which is not the rising one where there is another. */
function otherOrder(random: RandomGenerator, count: number): number[] {
  const rising = Array.from({ length: count }, (_, at) => at);
  for (;;) {
    const order = sample(random, rising, count);
    if (count < 2 || order.some((place, at) => place !== at)) return order;
  }
}
