import type { Example } from '../../datasets/example.ts';

/** Named in a message at most. */
const SHOWN = 3;

/**
 * What is among both the training and the test questions, by id or by text (case and white space aside), said in words; undefined where nothing is.
 * A system that has seen the questions it is asked cannot be compared with one that has not.
 */
export function overlap(training: readonly Example[], test: readonly Example[]): string | undefined {
  const ids = new Set(test.map(({ id }) => id));
  const texts = new Set(test.map(({ question }) => plain(question)));
  const both = training.filter(({ id, question }) => ids.has(id) || texts.has(plain(question)));
  if (both.length === 0) return undefined;
  const named = both.slice(0, SHOWN).map(({ id, question }) => `${JSON.stringify(id)} (${JSON.stringify(question)})`);
  return `${both.length} training questions among the test questions: ${named.join(', ')}${both.length > SHOWN ? ', ...' : ''}`;
}

function plain(question: string): string {
  return question.trim().replace(/\s+/g, ' ').toLowerCase();
}
