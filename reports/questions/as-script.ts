const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** A value as a script that hands it to the page under a name. No text in it can end a script, begin a comment of HTML or break a line. */
export function asScript(name: string, value: unknown): string {
  const json = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character]!);
  return `claraBench.give(${JSON.stringify(name)},${json});\n`;
}
