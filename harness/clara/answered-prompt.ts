import type { TargetedSequence } from '../language-model/language-model-loss.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { Message, Tokenizer } from '../language-model/tokenizer/tokenizer.ts';

/** A backbone's way from conversations to ids. */
export interface PromptModel {
  readonly tokenizer: Tokenizer;
  readonly renderChat: LanguageModel['renderChat'];
}

/** Ids of a conversation up to where the assistant begins to answer. */
export function promptIds({ tokenizer, renderChat }: PromptModel, messages: readonly Message[]): number[] {
  return tokenizer.encode(renderChat(messages, { addGenerationPrompt: true }));
}

/**
 * A conversation with its answer, to learn from (clara.md 5): targets are all ids behind those of the prompt rendered alone, so the answer and the token that closes it.
 *
 * @param maxLength ids at most; the end is cut off
 */
export function answeredPrompt(
  model: PromptModel,
  messages: readonly Message[],
  answer: string,
  maxLength = Infinity,
): TargetedSequence {
  const { tokenizer, renderChat } = model;
  const ids = tokenizer.encode(renderChat([...messages, { role: 'assistant', content: answer }])).slice(0, maxLength);
  return targetsBehind(ids, promptIds(model, messages).length);
}

/** Ids of which all behind the first `prompt` are targets. */
export function targetsBehind(ids: readonly number[], prompt: number): TargetedSequence {
  return { ids, targets: ids.map((_, i) => i >= prompt) };
}
