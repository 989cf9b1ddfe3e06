/** U+2060 WORD JOINER: of no width, never a place to break a line, and in no vocabulary a part of a control token. */
const JOINER = '\u2060';
/** Stands for a control token of one character, which nothing can be put into. */
const REPLACEMENT = '\ufffd';

/**
 * A function that breaks up every control token written in a text by a word joiner after its first character, so that it reads the same and is encoded as plain
 * text. A text without control tokens comes back as it is; so does an escaped one.
 *
 * @param tokens The tokens that are cut out of a text before it is tokenized. Those of white space only (indentation) do no harm and stay.
 */
export function controlTokenEscaper(tokens: readonly string[]): (text: string) => string {
  const control = tokens.filter((token) => token.trim() !== '').sort((a, b) => b.length - a.length);
  if (control.length === 0) return (text) => text;
  const pattern = new RegExp(control.map((token) => token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'gu');
  return (text) => {
    // Breaking up one token can leave another inside it ("<<s>>"): until none is left.
    let escaped = text;
    while (escaped.search(pattern) >= 0) {
      escaped = escaped.replace(pattern, (token) => {
        const [first = '', ...rest] = token;
        return rest.length === 0 ? REPLACEMENT : `${first}${JOINER}${rest.join('')}`;
      });
    }
    return escaped;
  };
}
