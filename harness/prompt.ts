import type { Document } from '../datasets/example.ts';
import type { Message } from './language-model/tokenizer/tokenizer.ts';

/** The system turn of CLaRa's instruction tuning and end-to-end stages (apple/ml-clara, modeling_clara.py), given to every generator here. */
const SYSTEM =
  'You are a helpful assistant. Your task is to extract relevant information from provided documents and to answer to questions as briefly as possible.';

/**
 * How the user turn ends. `spaced` puts a space between `Question:` and the question; `clara` does not, as CLaRa's own code.
 * Everything else is the same, so that systems differ in what stands for the documents only.
 */
export const PROMPT_STYLES = ['spaced', 'clara'] as const;

/** One of PROMPT_STYLES. */
export type PromptStyle = (typeof PROMPT_STYLES)[number];

/** A candidate passage as every system shows, compresses and counts it. */
export function documentText(document: Document): string {
  return `${document.title}: ${document.text}`;
}

/**
 * The conversation that asks one question: CLaRa's system turn, then `Background:` with one document a line, a blank line and `Question:`.
 * Without documents the user turn is the question alone. Text from data sets must have passed the tokenizer's `withoutControlTokens`.
 */
export function questionMessages(
  question: string,
  documents: readonly string[],
  style: PromptStyle = 'spaced',
): Message[] {
  const background = documents.length > 0 ? `Background:\n${documents.join('\n')}\n\n` : '';
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: `${background}Question:${style === 'spaced' ? ' ' : ''}${question}` },
  ];
}
