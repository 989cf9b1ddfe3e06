import type { Tokenizer } from '../language-model/tokenizer/tokenizer.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** What is read of a document (or of a question), ready for the compressor. */
export interface DocumentIds {
  /** `<ENC>`, begin token, text, end token. */
  readonly ids: readonly number[];
  /** Tokens of the text alone. */
  readonly tokens: number;
  /** Of these, how many are cut off. */
  readonly truncated: number;
}

/** Tokens around a text: `<ENC>`, begin and end. */
const AROUND = 3;

/**
 * The ids that the compressor reads of a text: one string of `<ENC>`, begin token, text and end token, cut on the right to documentMaxLength + 3 (clara.md 2), so that a
 * long text loses its end token. Control tokens written in the text are read as plain text.
 *
 * @param tokenizer with the special tokens
 */
export function documentIds(
  text: string,
  tokenizer: Tokenizer,
  special: SpecialTokens,
  documentMaxLength: number,
): DocumentIds {
  const plain = tokenizer.withoutControlTokens(text);
  const control = (id: number | null | undefined): string =>
    id === null || id === undefined ? '' : tokenizer.decode([id], { keepSpecial: true });
  const whole = tokenizer.encode(`${control(special.encode)}${control(tokenizer.beginId)}${plain}${control(tokenizer.endIds[0])}`); // prettier-ignore
  const around = 1 + Number(tokenizer.beginId !== null) + Number(tokenizer.endIds.length > 0);
  const tokens = whole.length - around;
  const ids = whole.slice(0, documentMaxLength + AROUND);
  const begin = around - Number(tokenizer.endIds.length > 0);
  return { ids, tokens, truncated: Math.max(0, tokens - (ids.length - begin)) };
}
