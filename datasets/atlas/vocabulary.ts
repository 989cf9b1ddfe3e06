import { fillers } from './fillers.ts';
import { attributes, KINDS, links } from './grammar.ts';
import { nameWords } from './names.ts';
import { pools } from './pools.ts';
import { words } from './words.ts';

/** What two-hop and comparison questions, titles and answers have besides. */
const OTHERS = [':', ',', 'yes', 'no'];

/** Every word token that atlas's questions, answers, passages and paraphrases can hold, each once, in a stable order. */
export const vocabulary: readonly string[] = [
  ...new Set([
    ...OTHERS,
    ...[...attributes, ...links].flatMap((predicate) =>
      [
        ...predicate.statements,
        ...predicate.questions,
        'same' in predicate ? predicate.same : predicate.phrase,
      ].flatMap(templateWords),
    ),
    ...fillers.flatMap(templateWords),
    ...KINDS.flatMap((kind) => [...nameWords[kind].first, ...nameWords[kind].last]),
    ...Object.values(pools).flat(),
  ]),
];

function templateWords(template: string): string[] {
  return words(template.replaceAll(/\{\w+\}/g, ' '));
}
