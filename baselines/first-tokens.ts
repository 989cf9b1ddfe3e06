import type { Tokenizer } from '../harness/language-model/tokenizer/tokenizer.ts';

/**
 * The beginning of a text, cut after `limit` tokens (of the text tokenised alone); a character that the cut would split is dropped.
 * A text that is short enough comes back as it is; `limit` 0 gives an empty text.
 */
export function firstTokens(text: string, limit: number, tokenizer: Tokenizer): string {
  const ids = tokenizer.encode(text);
  if (ids.length <= limit) return text;
  const cut = tokenizer.decode(ids.slice(0, limit)).replace(/\uFFFD+$/u, '');
  // Decoding can bring parts of a control token together: bytes that the tokenizer does not know are gone now.
  return tokenizer.withoutControlTokens(cut);
}
