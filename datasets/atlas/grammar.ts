import type { pools } from './pools.ts';

/** The kinds of entities. */
export const KINDS = ['person', 'town', 'ship', 'guild'] as const;

/** A kind of entity. */
export type Kind = (typeof KINDS)[number];

/**
 * What can be said and asked of an entity. `{name}` and `{value}` are places.
 * A statement has at most 7 word tokens (a name counts two), the period included, so that a passage of four has at most 32 with its title.
 */
interface Predicate {
  /** Unique among all. */
  readonly id: string;
  readonly kind: Kind;
  readonly statements: readonly [string, string];
  /** Each tells which attribute is meant. */
  readonly questions: readonly [string, string];
}

/** An attribute with values of one word from a pool. */
export interface Attribute extends Predicate {
  readonly pool: keyof typeof pools;
  /** Asks whether `{name}` and `{other}` have the same value; `yes` or `no`. */
  readonly same: string;
}

/** An attribute whose value is the name of another entity. */
export interface Link extends Predicate {
  readonly target: Kind;
  /** What stands for the target's name in a question of two hops. */
  readonly phrase: string;
}

const attribute = (
  id: string,
  kind: Kind,
  pool: Attribute['pool'],
  statements: Attribute['statements'],
  questions: Attribute['questions'],
  same: string,
): Attribute => ({ id, kind, pool, statements, questions, same });

/** Six attributes a kind; those of one kind have their values from different pools. */
export const attributes: readonly Attribute[] = [
  attribute(
    'craft',
    'person',
    'craft',
    ['{name} works as a {value}.', '{name} is a {value}.'],
    ['What does {name} work as?', 'What is the craft of {name}?'],
    'Do {name} and {other} work as the same?',
  ),
  attribute(
    'instrument',
    'person',
    'instrument',
    ['{name} plays the {value}.', '{name} performs on the {value}.'],
    ['Which instrument does {name} play?', 'What instrument does {name} perform on?'],
    'Do {name} and {other} play the same instrument?',
  ),
  attribute(
    'pet',
    'person',
    'animal',
    ['{name} keeps a {value}.', '{name} has a pet {value}.'],
    ['Which pet does {name} keep?', 'What is the pet of {name}?'],
    'Do {name} and {other} keep the same pet?',
  ),
  attribute(
    'food',
    'person',
    'fruit',
    ['{name} loves {value}.', '{name} likes to eat {value}.'],
    ['Which fruit does {name} love?', 'What fruit does {name} like to eat?'],
    'Do {name} and {other} love the same fruit?',
  ),
  attribute(
    'birthplace',
    'person',
    'region',
    ['{name} was born in {value}.', '{name} comes from {value}.'],
    ['Where was {name} born?', 'Which region does {name} come from?'],
    'Were {name} and {other} born in the same region?',
  ),
  attribute(
    'coat',
    'person',
    'colour',
    ['{name} wears a {value} coat.', "{name}'s coat is {value}."],
    ['What colour is the coat of {name}?', 'Which colour of coat does {name} wear?'],
    'Do {name} and {other} wear the same colour?',
  ),
  attribute(
    'river',
    'town',
    'river',
    ['{name} lies on the {value}.', '{name} stands on the {value}.'],
    ['On which river does {name} lie?', 'Which river does {name} stand on?'],
    'Do {name} and {other} lie on the same river?',
  ),
  attribute(
    'crop',
    'town',
    'fruit',
    ['{name} grows {value}.', '{name} is famous for {value}.'],
    ['Which fruit does {name} grow?', 'What fruit is {name} famous for?'],
    'Do {name} and {other} grow the same fruit?',
  ),
  attribute(
    'houses',
    'town',
    'wood',
    ['{name} is built of {value}.', "{name}'s houses are {value}."],
    ['Of which wood is {name} built?', 'What wood are the houses of {name}?'],
    'Are {name} and {other} built of the same wood?',
  ),
  attribute(
    'mine',
    'town',
    'metal',
    ['{name} mines {value}.', "{name}'s mine yields {value}."],
    ['Which metal does {name} mine?', 'What metal does the mine of {name} yield?'],
    'Do {name} and {other} mine the same metal?',
  ),
  attribute(
    'flag',
    'town',
    'colour',
    ['{name} flies a {value} flag.', "{name}'s flag is {value}."],
    ['Which colour of flag does {name} fly?', 'What colour is the flag of {name}?'],
    'Do {name} and {other} fly the same colour?',
  ),
  attribute(
    'market',
    'town',
    'goods',
    ['{name} trades in {value}.', "{name}'s market sells {value}."],
    ['What does {name} trade in?', 'What does the market of {name} sell?'],
    'Do {name} and {other} trade in the same goods?',
  ),
  attribute(
    'cargo',
    'ship',
    'goods',
    ['{name} carries {value}.', "{name}'s cargo is {value}."],
    ['What does {name} carry?', 'What is the cargo of {name}?'],
    'Do {name} and {other} carry the same cargo?',
  ),
  attribute(
    'sails',
    'ship',
    'colour',
    ['{name} has {value} sails.', "{name}'s sails are {value}."],
    ['Which colour of sails does {name} have?', 'What colour are the sails of {name}?'],
    'Do {name} and {other} have the same colour of sails?',
  ),
  attribute(
    'hull',
    'ship',
    'wood',
    ['{name} was made from {value}.', "{name}'s hull is {value}."],
    ['Which wood was {name} made from?', 'What wood is the hull of {name}?'],
    'Were {name} and {other} made from the same wood?',
  ),
  attribute(
    'figurehead',
    'ship',
    'animal',
    ['{name} has a {value} figurehead.', '{name} bears a carved {value}.'],
    ['Which animal is the figurehead of {name}?', 'What carved animal does {name} bear?'],
    'Do {name} and {other} bear the same carved animal?',
  ),
  attribute(
    'anchor',
    'ship',
    'metal',
    ['{name} drops a {value} anchor.', "{name}'s anchor is {value}."],
    ['Which metal of anchor does {name} drop?', 'What metal is the anchor of {name}?'],
    'Do {name} and {other} drop the same metal of anchor?',
  ),
  attribute(
    'destination',
    'ship',
    'region',
    ['{name} sails to {value}.', '{name} is bound for {value}.'],
    ['Where does {name} sail to?', 'Which region is {name} bound for?'],
    'Do {name} and {other} sail to the same region?',
  ),
  attribute(
    'leader',
    'guild',
    'craft',
    ['{name} obeys a {value}.', '{name} follows a {value}.'],
    ['Whom does {name} obey?', 'Whom does {name} follow?'],
    'Do {name} and {other} follow the same craft?',
  ),
  attribute(
    'worship',
    'guild',
    'animal',
    ['{name} worships the {value}.', '{name} prays to the {value}.'],
    ['Which animal does {name} worship?', 'What animal does {name} pray to?'],
    'Do {name} and {other} worship the same animal?',
  ),
  attribute(
    'robes',
    'guild',
    'colour',
    ["{name}'s members wear {value}.", "{name}'s robes are {value}."],
    ['Which colour do the members of {name} wear?', 'What colour are the robes of {name}?'],
    'Do the members of {name} and {other} wear the same colour?',
  ),
  attribute(
    'coins',
    'guild',
    'metal',
    ['{name} pays in {value}.', "{name}'s coins are {value}."],
    ['Which metal does {name} pay in?', 'What metal are the coins of {name}?'],
    'Do {name} and {other} pay in the same metal?',
  ),
  attribute(
    'origin',
    'guild',
    'region',
    ['{name} began in {value}.', '{name} was founded in {value}.'],
    ['Where did {name} begin?', 'In which region was {name} founded?'],
    'Did {name} and {other} begin in the same region?',
  ),
  attribute(
    'treasure',
    'guild',
    'gem',
    ['{name} guards the {value}.', '{name} protects the {value}.'],
    ['Which gem does {name} guard?', 'What gem does {name} protect?'],
    'Do {name} and {other} guard the same gem?',
  ),
];

const link = (
  id: string,
  kind: Kind,
  target: Kind,
  phrase: string,
  statements: Link['statements'],
  questions: Link['questions'],
): Link => ({ id, kind, target, phrase, statements, questions });

/** From one entity to another, at most one a kind; they are stated where questions of two hops are asked only. */
export const links: readonly Link[] = [
  link(
    'captain',
    'ship',
    'person',
    'the captain of {name}',
    ['{name} sails under {value}.', '{value} commands {name}.'],
    ['Under whom does {name} sail?', 'Who is the captain of {name}?'],
  ),
  link(
    'home',
    'person',
    'town',
    'the home of {name}',
    ['{name} lives in {value}.', '{name} resides in {value}.'],
    ['Where does {name} live?', 'What is the home of {name}?'],
  ),
  link(
    'seat',
    'guild',
    'town',
    'the seat of {name}',
    ['{name} meets in {value}.', '{name} gathers in {value}.'],
    ['Where does {name} meet?', 'What is the seat of {name}?'],
  ),
  link(
    'founder',
    'town',
    'person',
    'the founder of {name}',
    ['{value} founded {name}.', '{value} established {name}.'],
    ['Who founded {name}?', 'Who is the founder of {name}?'],
  ),
];
