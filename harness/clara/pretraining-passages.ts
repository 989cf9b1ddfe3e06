import type { Example } from '../../datasets/example.ts';
import { InputError } from '../errors.ts';
import { documentText } from '../prompt.ts';

/** A passage with what is known of it: the questions that it answers alone. */
export interface PretrainingPassage {
  readonly text: string;
  readonly pairs: readonly { readonly question: string; readonly answer: string }[];
}

/**
 * The gold passages of some questions, each once, in the order in which they come up, each with all questions that have it as their only gold passage.
 *
 * @throws InputError where no question has one gold passage
 */
export function pretrainingPassages(examples: readonly Example[]): PretrainingPassage[] {
  const passages = new Map<string, { question: string; answer: string }[]>();
  for (const { question, answers, docs, pos_index } of examples) {
    if (pos_index.length !== 1) continue;
    const text = documentText(docs[pos_index[0]!]!);
    const pairs = passages.get(text) ?? [];
    passages.set(text, pairs);
    pairs.push({ question, answer: answers[0]! });
  }
  if (passages.size === 0) {
    throw new InputError(
      `compression pretraining: expected questions with one gold passage each, got none among ${examples.length}`,
    );
  }
  return [...passages].map(([text, pairs]) => ({ text, pairs }));
}
