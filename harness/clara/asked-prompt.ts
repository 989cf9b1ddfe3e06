import { questionMessages } from '../prompt.ts';
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { instructionPrompt } from './instruction-prompt.ts';

/** A document's questions as instruction tuning asks them, one turn after the other, with their answers. Texts must have passed the tokenizer's `withoutControlTokens`. */
export function askedPrompt(
  count: number,
  pairs: readonly { readonly question: string; readonly answer: string }[],
): Message[] {
  return pairs.flatMap(({ question, answer }, place): Message[] => [
    ...(place === 0
      ? instructionPrompt(question, [count])
      : questionMessages(question, [], 'clara').filter(({ role }) => role === 'user')),
    { role: 'assistant', content: answer },
  ]);
}
