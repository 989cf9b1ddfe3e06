import type { Document } from '../example.ts';
import { attributes, links, type Attribute, type Link } from './grammar.ts';
import { pools } from './pools.ts';
import { templatePattern } from './template-pattern.ts';

const patterns = new Map(
  [...attributes, ...links].map((predicate) => {
    const value = 'pool' in predicate ? `(?:${pools[predicate.pool].join('|')})` : String.raw`\S+ \S+`;
    return [predicate.id, predicate.statements.map((statement) => templatePattern(statement, { value }))] as const;
  }),
);

/** Whether a passage of atlas states an attribute or a link, of whatever entity and with whatever value. */
export function statesPredicate({ text }: Pick<Document, 'text'>, { id }: Attribute | Link): boolean {
  return text.split(/(?<=\.) /).some((sentence) => patterns.get(id)!.some((pattern) => pattern.test(sentence)));
}
