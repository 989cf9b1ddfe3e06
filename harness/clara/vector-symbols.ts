import type { InputSymbol } from './input-rows.ts';
import type { SpecialTokens } from './special-tokens.ts';

/**
 * Prompts whose memory tokens stand for document vectors (clara.md 4).
 *
 * @param stride Vectors that each document has room for: memory token i of the n-th document of all prompts is vector n stride + i. Without it the vectors lie without gaps:
 * the n-th memory token of all prompts is the n-th vector.
 */
export function vectorSymbols(
  prompts: readonly (readonly number[])[],
  { first, memory, separator }: SpecialTokens,
  stride?: number,
): InputSymbol[][] {
  let next = 0;
  let documents = 0;
  return prompts.map((ids) =>
    ids.map((id) => {
      if (id === separator) documents++;
      if (id < first || id >= first + memory) return id;
      return { vector: stride === undefined ? next++ : documents * stride + id - first };
    }),
  );
}
