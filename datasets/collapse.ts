/** White space as Unicode and Python's `str.split` have it; unlike in JavaScript's own class, a byte-order mark inside a text is none. */
const SPACE = '\\t-\\r\\x1c-\\x20\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const RUN = new RegExp(`[${SPACE}]+`, 'g');
const END = /^ | $/g;
/** Most texts are clean: finding that out is cheaper than replacing. */
const UNCLEAN = new RegExp(`^ | {2}| $|(?! )[${SPACE}]`);

/** A text whose every run of white space is one space, none at either end. */
export function collapse(text: string): string {
  return UNCLEAN.test(text) ? text.replace(RUN, ' ').replace(END, '') : text;
}
