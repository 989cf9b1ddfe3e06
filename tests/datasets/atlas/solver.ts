import type { Document } from '../../../datasets/example.ts';
import { attributes, links } from '../../../datasets/atlas/grammar.ts';

const NAME = '([A-Z][a-z]+ [A-Z][a-z]+)';

interface Pattern {
  readonly id: string;
  readonly kind: 'attribute' | 'link' | 'same';
  readonly pattern: RegExp;
  /** Names of the groups in their order. */
  readonly places: readonly string[];
}

function patternOf(id: string, kind: Pattern['kind'], template: string, value: string): Pattern {
  const places = [...template.matchAll(/\{(\w+)\}/g)].map(([, place]) => place!);
  const text = template
    .replace(/[.?]/g, '\\$&')
    .replaceAll('{value}', value)
    .replaceAll(/\{(name|other)\}/g, NAME);
  return { id, kind, pattern: new RegExp(`^${text}$`), places };
}

const statements = [
  ...attributes.flatMap(({ id, statements }) => statements.map((text) => patternOf(id, 'attribute', text, '(\\w+)'))),
  ...links.flatMap(({ id, statements }) => statements.map((text) => patternOf(id, 'link', text, NAME))),
];
const questions = [
  ...[...attributes, ...links].flatMap(({ id, questions }) =>
    questions.map((text) => patternOf(id, 'attribute', text, '')),
  ),
  ...attributes.map(({ id, same }) => patternOf(id, 'same', same, '')),
];
const phrases = links.map(({ id, phrase }) => ({ id, pattern: new RegExp(phrase.replace('{name}', NAME)) }));

function match(patterns: readonly Pattern[], text: string): ({ id: string; kind: string } & Record<string, string>)[] {
  return patterns.flatMap(({ id, kind, pattern, places }) => {
    const found = pattern.exec(text);
    return found ? [{ id, kind, ...Object.fromEntries(places.map((place, at) => [place, found[at + 1]!])) }] : [];
  });
}

const read = new Map<string, Map<string, string>>();

/** What the sentences of a text say: `name/attribute` to value. Sentences that say nothing are left out. */
export function factsIn(text: string): Map<string, string> {
  const known = read.get(text);
  if (known) return known;
  const facts = new Map<string, string>();
  for (const sentence of text.split(/(?<=\.) /)) {
    const found = match(statements, sentence);
    if (found.length > 1) throw new Error(`read in two ways: ${sentence}`);
    for (const { name, id, value } of found) facts.set(`${name}/${id}`, value!);
  }
  read.set(text, facts);
  return facts;
}

/** Which attribute of which entity a question asks. */
export function asked(question: string): { id: string; name: string; other?: string } {
  const found = match(questions, question);
  if (found.length !== 1) throw new Error(`read in ${found.length} ways: ${question}`);
  return found[0] as unknown as { id: string; name: string; other?: string };
}

/** Answers a question by what the passages say, and names the passages that were needed. */
export function solve(question: string, docs: readonly Document[]): { answer: string; used: number[] } {
  const used = new Set<number>();
  const look = (name: string, id: string): string => {
    const at = docs.findIndex(({ text }) => factsIn(text).has(`${name}/${id}`));
    if (at < 0) throw new Error(`no passage tells ${id} of ${name}: ${question}`);
    used.add(at);
    return factsIn(docs[at]!.text).get(`${name}/${id}`)!;
  };
  const phrase = phrases.flatMap(({ id, pattern }) => {
    const found = pattern.exec(question);
    return found ? [{ id, name: found[1]!, text: found[0] }] : [];
  })[0];
  // A link may itself be asked in a question that has such a phrase: "Who is the captain of ...".
  const plain = phrase && match(questions, question).length === 0;
  const direct = plain ? question.replace(phrase.text, look(phrase.name, phrase.id)) : question;
  const { id, name, other } = asked(direct);
  const value = look(name, id);
  const answer = other === undefined ? value : look(other, id) === value ? 'yes' : 'no';
  return { answer, used: [...used].sort((a, b) => a - b) };
}
