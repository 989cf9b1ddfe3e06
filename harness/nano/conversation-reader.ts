import { words } from '../../datasets/atlas/words.ts';
import type { Message, Tokenizer } from '../language-model/tokenizer/tokenizer.ts';
import { NANO_TOKENS } from './nano-tokenizer.ts';

/** What a token is to the loss: nothing, a word of an answer, or other text that is learnt (passages, paraphrases, ends). */
export type Role = 'none' | 'answer' | 'text';

/** A sequence of tokens with their roles. */
export interface LearntSequence {
  readonly ids: readonly number[];
  readonly roles: readonly Role[];
}

/** Conversations as tokens, with what is learnt of each; `answers` says as what the assistant's words are. */
export type ConversationReader = (messages: readonly Message[], answers: 'answer' | 'text') => LearntSequence;

/**
 * The same ids as nano's template and tokenizer give, word by word with the ids of known words kept: both libraries together take a quarter of a step. Learnt as text is what stands
 * before the last question of a user's turn, and the end of an answer.
 */
export function conversationReader({ encode }: Pick<Tokenizer, 'encode'>): ConversationReader {
  const known = new Map<string, number>();
  const idOf = (word: string): number => {
    const id = known.get(word) ?? encode(word)[0]!;
    known.set(word, id);
    return id;
  };
  const [begin, end, answer] = [NANO_TOKENS.begin, NANO_TOKENS.end, NANO_TOKENS.answer].map(idOf) as [number, number, number]; // prettier-ignore
  return (messages, answers) => {
    const ids: number[] = [begin];
    const roles: Role[] = ['none'];
    const push = (id: number, role: Role): void => {
      ids.push(id);
      roles.push(role);
    };
    for (const { role, content } of messages) {
      const tokens = words(content);
      if (role === 'user') {
        const question = tokens.lastIndexOf('Question');
        tokens.forEach((token, at) => push(idOf(token), question < 0 || at < question ? 'text' : 'none'));
      } else if (role === 'assistant') {
        push(answer, 'none');
        for (const token of tokens) push(idOf(token), answers);
        push(end, 'text');
      }
    }
    return { ids, roles };
  };
}
