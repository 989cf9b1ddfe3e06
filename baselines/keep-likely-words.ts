import type { Tokenizer } from '../harness/language-model/tokenizer/tokenizer.ts';

/**
 * Of a text's words those with the highest probability, in their order, as many as fit into a limit of tokens; of equals the earlier. A word that does not fit ends it.
 *
 * @param words without white space
 * @param probabilities of each word
 */
export function keepLikelyWords(
  words: readonly string[],
  probabilities: readonly number[],
  limit: number,
  tokenizer: Tokenizer,
): string {
  const ranked = Array.from(words.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  let count = 0;
  for (let tokens = 0; count < ranked.length; count++) {
    tokens += tokenizer.encode(` ${words[ranked[count]!]!}`).length;
    if (tokens > limit) break;
  }
  for (; ; count--) {
    const kept = ranked.slice(0, count).sort((a, b) => a - b);
    const text = tokenizer.withoutControlTokens(kept.map((at) => words[at]!).join(' '));
    if (count === 0 || tokenizer.encode(text).length <= limit) return text;
  }
}
