import { fill } from './entity.ts';
import { links } from './grammar.ts';

const NAME = String.raw`\S+ \S+`;
const PHRASES = links.map(({ phrase }) => fill(phrase, { name: NAME })).join('|');

/** What the place of an entity matches: its name, or the phrase of a link to it; the group `phrase` holds the latter. */
export const SUBJECT = `(?:(?<phrase>${PHRASES})|${NAME})`;

/** What matches a whole sentence that was made of a template. Names have two words; what stands at the other places is given as sources of regular expressions. */
export function templatePattern(template: string, places: Readonly<Record<string, string>> = {}): RegExp {
  return new RegExp(`^${fill(template.replaceAll(/[.?]/g, String.raw`\$&`), { name: NAME, other: NAME, ...places })}$`);
}
