import type { TargetedSequence } from '../language-model/language-model-loss.ts';
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { promptIds, type PromptModel } from './answered-prompt.ts';

/**
 * A conversation of several turns, to learn from: targets are every answer and the token that closes it. The chat template must render a conversation's beginning as the beginning of its rendering.
 */
export function answeredConversation(model: PromptModel, messages: readonly Message[]): TargetedSequence {
  const { tokenizer, renderChat } = model;
  const ids = tokenizer.encode(renderChat(messages));
  const targets = ids.map(() => false);
  messages.forEach(({ role }, place) => {
    if (role !== 'assistant') return;
    const from = promptIds(model, messages.slice(0, place)).length;
    targets.fill(true, from, tokenizer.encode(renderChat(messages.slice(0, place + 1))).length);
  });
  return { ids, targets };
}
