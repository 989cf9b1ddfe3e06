/** Tokens that compression adds behind a model's vocabulary, by id: the memory tokens first, then `<AE>` (used by autoencoding alone), `<ENC>` and `<SEP>` (clara.md 1). */
export interface SpecialTokens {
  /** Size of the vocabulary without them, and id of the first memory token. */
  readonly first: number;
  /** Number of memory tokens, at most, of a document. */
  readonly memory: number;
  /** Asks for the document's own text (stages/autoencoding-prompt.ts). */
  readonly autoencode: number;
  /** Begins what the compressor reads. */
  readonly encode: number;
  /** Stands behind each document's vectors in the generator's prompt. */
  readonly separator: number;
}

/** Tokens that are added beside the memory tokens. */
export const OTHER_TOKENS = ['<AE>', '<ENC>', '<SEP>'] as const;

/** The special tokens of a model with a vocabulary of `first` tokens. */
export function specialTokens(first: number, memory: number): SpecialTokens {
  return { first, memory, autoencode: first + memory, encode: first + memory + 1, separator: first + memory + 2 };
}

/** Their texts, in the order of their ids. */
export function specialTokenTexts(memory: number): string[] {
  return [...Array.from({ length: memory }, (_, i) => `<MEM${i}>`), ...OTHER_TOKENS];
}

/** A document's place in a prompt: its memory tokens, then the separator. */
export function slotText(count: number): string {
  return `${Array.from({ length: count }, (_, i) => `<MEM${i}>`).join('')}<SEP>`;
}
