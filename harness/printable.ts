/** Control characters (C0 but the line feed and the tab, DEL, C1), line separators, and the marks that reorder text in a terminal. */
// eslint-disable-next-line no-control-regex -- control characters are what it is for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from a data set or a file, safe to print on a terminal: what could move the cursor, colour, hide or reorder text shows as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
