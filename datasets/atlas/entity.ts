import { attributes, type Attribute, type Kind, type Link } from './grammar.ts';
import { writtenName, type EntityName } from './entity-name.ts';

/** What holds of an entity: the value of an attribute, or the name of the entity that a link leads to. */
export interface Fact {
  readonly predicate: Attribute | Link;
  readonly value: string;
}

/** An entity with what its passage states, in this order. */
export interface Entity {
  readonly name: EntityName;
  readonly facts: readonly Fact[];
}

/** Which of the two wordings of a predicate. */
export type Wording = 0 | 1;

/** The sentence that states a fact. */
export function statement({ name }: Entity, { predicate, value }: Fact, wording: Wording): string {
  return fill(predicate.statements[wording], { name: writtenName(name), value });
}

/** The question that a fact answers. `subject`: what stands for the entity, by default its name. */
export function question(
  { name }: Entity,
  { predicate }: Fact,
  wording: Wording,
  subject: string = writtenName(name),
): string {
  return fill(predicate.questions[wording], { name: subject });
}

/** A template with its places filled. */
export function fill(template: string, places: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, place: string) => places[place]!);
}

/** The attributes of a kind. */
export function attributesOf(kind: Kind): Attribute[] {
  return attributes.filter((attribute) => attribute.kind === kind);
}
