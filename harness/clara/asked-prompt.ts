import { questionMessages } from '../prompt.ts';
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { instructionPrompt } from './instruction-prompt.ts';

/** Questions on some documents as instruction tuning asks them, one turn after the other, with their answers; `counts` are the documents' vectors. Texts must have passed the tokenizer's `withoutControlTokens`. */
export function askedPrompt(
  counts: readonly number[],
  pairs: readonly { readonly question: string; readonly answer: string }[],
): Message[] {
  return pairs.flatMap(({ question, answer }, place): Message[] => [
    ...(place === 0
      ? instructionPrompt(question, counts)
      : questionMessages(question, [], 'clara').filter(({ role }) => role === 'user')),
    { role: 'assistant', content: answer },
  ]);
}
