/** An answer as it is compared: lower-cased, without ASCII punctuation and articles, words parted by one space. `text` is `words` joined. */
export interface NormalisedAnswer {
  readonly text: string;
  readonly words: readonly string[];
}

/**
 * Which of Python's two regular expression libraries decides where a word ends when articles are removed. They differ:
 * `re` takes letters and every kind of number as parts of a word, and combining marks not; `regex` takes combining marks and decimal digits, and superscripts and fractions not.
 */
export type WordBoundary = 're' | 'regex';

const ARTICLES: Record<WordBoundary, RegExp> = {
  re: /(?<![\p{L}\p{N}_])(?:an?|the)(?![\p{L}\p{N}_])/gu,
  regex:
    /(?<![\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])(?:an?|the)(?![\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])/gu,
};

/** The 32 characters of Python's `string.punctuation`. Typographic quotes and dashes are not among them, and stay. */
const PUNCTUATION = /[!-/:-@[-`{-~]+/g;

/** What Python's `str.split()` parts at: unlike JavaScript's `\s` with U+001C to U+001F and U+0085, and without U+FEFF. */
// eslint-disable-next-line no-control-regex -- they are white space to Python
const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Printable ASCII: parted by spaces alone. */
const PLAIN = /^[ -~]*$/;

/**
 * SQuAD's answer normalisation, character by character what Python 3 does: lower case, ASCII punctuation deleted, the words a, an and the deleted, white space collapsed.
 * No Unicode folding: composed and decomposed letters stay different.
 */
export function normaliseAnswer(text: string, boundary: WordBoundary = 're'): NormalisedAnswer {
  const lower = text.toLowerCase();
  const words = plainWords(lower) ?? splitWords(lower.replace(PUNCTUATION, '').replace(ARTICLES[boundary], ' '));
  return { text: words.join(' '), words };
}

/** The normalised words of a lower-case text of printable ASCII alone, in one pass, as words are parted by spaces there and an article is a word that equals one; null for others. */
function plainWords(lower: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let from = -1;
  for (let at = 0; at <= lower.length; at++) {
    const code = at < lower.length ? lower.charCodeAt(at) : SPACE;
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
      if (from < 0) from = at;
      continue;
    }
    if (code < SPACE || code > 0x7e) return null;
    if (from >= 0) word += lower.slice(from, at);
    from = -1;
    if (code !== SPACE || word === '') continue;
    if (word !== 'a' && word !== 'an' && word !== 'the') words.push(word);
    word = '';
  }
  return words;
}

const SPACE = 0x20;

/** The words of a text, as Python's `str.split()` parts them. */
export function splitWords(text: string): string[] {
  return text.split(PLAIN.test(text) ? ' ' : WHITE_SPACE).filter((word) => word !== '');
}
