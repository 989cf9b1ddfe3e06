import type { Document } from '../../datasets/example.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import type { TargetedSequence } from '../../harness/language-model/language-model-loss.ts';
import { documentText } from '../../harness/prompt.ts';
import { firstTokens } from '../first-tokens.ts';

/** What is asked for after the document (Sachan et al., 2022, section 2.2). */
const INSTRUCTION = 'Please write a question based on this passage.';

/**
 * A document, the instruction to ask about it, and the question, whose tokens are the targets. A document of more than `limit` tokens, or of more than the model's context
 * leaves room for, loses its end.
 *
 * @throws Error where the question alone does not fit
 */
export function questionAfterDocument(
  question: string,
  document: Document,
  { tokenizer, config, renderChat }: Pick<LanguageModel, 'tokenizer' | 'config' | 'renderChat'>,
  limit: number,
): TargetedSequence {
  const asked = tokenizer.encode(tokenizer.withoutControlTokens(question));
  const promptOf = (text: string): number[] =>
    tokenizer.encode(
      renderChat([{ role: 'user', content: `Passage: ${text}\n\n${INSTRUCTION}` }], { addGenerationPrompt: true }),
    );
  const cut = (tokens: number): string => firstTokens(whole, tokens, tokenizer);
  const whole = tokenizer.withoutControlTokens(documentText(document));
  const room = config.contextLength - asked.length;
  let prompt = promptOf(cut(limit));
  for (let kept = Math.min(limit, prompt.length); prompt.length > room; prompt = promptOf(cut(kept))) {
    if (kept === 0) throw new Error(`the question and the template need ${prompt.length + asked.length} tokens; the model's context has ${config.contextLength}`); // prettier-ignore
    kept = Math.max(0, kept - (prompt.length - room));
  }
  return {
    ids: [...prompt, ...asked],
    targets: [...new Array<boolean>(prompt.length).fill(false), ...new Array<boolean>(asked.length).fill(true)],
  };
}
