import { attributes, links, type Attribute, type Link } from './grammar.ts';
import { SUBJECT, templatePattern } from './template-pattern.ts';

const patterns = [...attributes, ...links].flatMap((predicate) => [
  ...predicate.questions.map((question) => ({ predicate, pattern: templatePattern(question, { name: SUBJECT }) })),
  ...('same' in predicate ? [{ predicate, pattern: templatePattern(predicate.same) }] : []),
]);
const phrases = links.map((link) => ({ link, pattern: templatePattern(link.phrase) }));

/** What a question asks, by its wording alone: an attribute, and in a question of two hops the link too. Undefined where the question is none of atlas's. */
export function askedPredicates(question: string): readonly (Attribute | Link)[] | undefined {
  for (const { predicate, pattern } of patterns) {
    const match = pattern.exec(question);
    if (!match) continue;
    const phrase = match.groups?.phrase;
    return [predicate, ...phrases.flatMap(({ link, pattern }) => (phrase && pattern.test(phrase) ? [link] : []))];
  }
  return undefined;
}
