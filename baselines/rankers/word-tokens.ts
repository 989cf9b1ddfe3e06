/** Scripts that are written without spaces between words: each of their characters is a token, as in Lucene's standard analyzer. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}';
const WORDS = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, 'gu');

/** Words of a text for comparison by words: runs of letters, marks and digits of any script, in compatibility form (NFKC) and lower case. Nothing is stemmed or left out. */
export function wordTokens(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(WORDS) ?? [];
}
