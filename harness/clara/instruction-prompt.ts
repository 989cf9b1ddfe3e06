import { questionMessages } from '../prompt.ts';
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { slotText } from './special-tokens.ts';

/**
 * The conversation of instruction tuning, end-to-end training and answering: the slots of all documents without anything between them, then the question (clara.md 4).
 * The question must have passed the tokenizer's `withoutControlTokens`.
 *
 * @param counts vectors of each document, in the order in which they are given
 */
export function instructionPrompt(question: string, counts: readonly number[]): Message[] {
  return questionMessages(question, [counts.map(slotText).join('')], 'clara');
}
