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

/** Printable ASCII: words are parted by spaces alone, so that an article is a word that equals one. */
const PLAIN = /^[ -~]*$/;

/**
 * SQuAD's answer normalisation, character by character what Python 3 does: lower case, ASCII punctuation deleted, the words a, an and the deleted, white space collapsed.
 * No Unicode folding: composed and decomposed letters stay different.
 */
export function normaliseAnswer(text: string, boundary: WordBoundary = 're'): NormalisedAnswer {
  const bare = text.toLowerCase().replace(PUNCTUATION, '');
  if (PLAIN.test(bare)) {
    const words = bare.split(' ').filter((word) => word !== '' && word !== 'a' && word !== 'an' && word !== 'the');
    return { text: words.join(' '), words };
  }
  const words = splitWords(bare.replace(ARTICLES[boundary], ' '));
  return { text: words.join(' '), words };
}

/** The words of a text, as Python's `str.split()` parts them. */
export function splitWords(text: string): string[] {
  return text.split(WHITE_SPACE).filter((word) => word !== '');
}
