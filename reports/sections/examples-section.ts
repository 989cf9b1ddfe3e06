import { EXAMPLES_CONSIDERED, EXAMPLES_SHOWN, type ShownExample } from '../choose-examples.ts';
import type { Block, Section } from '../document.ts';
import { tableName } from '../table-name.ts';

/** Characters of one answer that are shown. */
const ANSWER_CHARACTERS = 240;
const GOLDS_SHOWN = 4;

/** A few questions with every system's answer side by side. */
export function examplesSection(examples: readonly ShownExample[]): Section {
  return {
    heading: 'Examples',
    blocks: [
      {
        kind: 'paragraph',
        text: `Not picked by hand: of each benchmark and model, ${EXAMPLES_SHOWN} of the ${EXAMPLES_CONSIDERED} questions with the lowest SHA-256 of their id, in that order, those first on which the systems differ in exact match. The sign says whether the answer is an exact match.`,
      },
      ...examples.map(exampleTable),
    ],
  };
}

function exampleTable({ benchmark, model, question, answers, given }: ShownExample): Block {
  const more = answers.length > GOLDS_SHOWN ? ` (and ${answers.length - GOLDS_SHOWN} more)` : '';
  const gold = answers
    .slice(0, GOLDS_SHOWN)
    .map((answer) => shorten(answer))
    .join(' / ');
  return {
    kind: 'table',
    name: tableName('example', benchmark, model),
    caption: `${benchmark}, ${model}: ${shorten(question)}`,
    columns: [{ label: 'System' }, { label: 'Answer' }],
    rows: [
      [{ text: 'gold' }, { text: `${gold}${more}` }],
      ...given.map(({ label, prediction, right }) => [
        { text: label },
        prediction === null
          ? ({ text: 'failed', mark: 'failed' } as const)
          : { text: shorten(prediction) || '(nothing)', mark: right ? ('right' as const) : ('wrong' as const) },
      ]),
    ],
  };
}

/** The beginning of a text, by characters as people count them: a cut must not leave half of one. */
function shorten(text: string): string {
  const characters = [...text.trim()];
  if (characters.length <= ANSWER_CHARACTERS) return characters.join('');
  return `${characters.slice(0, ANSWER_CHARACTERS).join('')}… (${characters.length - ANSWER_CHARACTERS} more characters)`;
}
