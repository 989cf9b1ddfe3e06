import { printable } from '../../harness/printable.ts';

/** What is shown by a command. Braces end each, so that nothing behind is taken for its argument. */
const COMMANDS = new Map<string, string>([
  ['\\', '\\textbackslash{}'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['$', '\\$'],
  ['&', '\\&'],
  ['#', '\\#'],
  ['%', '\\%'],
  ['_', '\\_'],
  ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
  ['<', '\\textless{}'],
  ['>', '\\textgreater{}'],
  ['|', '\\textbar{}'],
  ['"', '\\textquotedbl{}'],
  ["'", '\\textquotesingle{}'],
  ['`', '\\textasciigrave{}'],
  // Behind the end of a row these would be its arguments.
  ['[', '{[}'],
  [']', '{]}'],
  ['*', '{*}'],
  ['\u00a0', '~'],
  ['\u2009', '\\,'],
  ['\u202f', '\\,'],
  ['‐', '-'],
  ['‑', '-'],
  ['–', '\\textendash{}'],
  ['—', '\\textemdash{}'],
  ['…', '\\ldots{}'],
  ['‘', '\\textquoteleft{}'],
  ['’', '\\textquoteright{}'],
  ['“', '\\textquotedblleft{}'],
  ['”', '\\textquotedblright{}'],
  ['†', '\\textdagger{}'],
  ['‡', '\\textdaggerdbl{}'],
  ['•', '\\textbullet{}'],
  ['€', '\\texteuro{}'],
  ['−', '\\ensuremath{-}'],
  ['×', '\\ensuremath{\\times}'],
  ['±', '\\ensuremath{\\pm}'],
  ['≤', '\\ensuremath{\\le}'],
  ['≥', '\\ensuremath{\\ge}'],
  ['≠', '\\ensuremath{\\ne}'],
  ['≈', '\\ensuremath{\\approx}'],
  ['→', '\\ensuremath{\\to}'],
  ['∞', '\\ensuremath{\\infty}'],
]);

/** Letters and signs that pdfLaTeX sets as they are, by the T1 encoding and what LaTeX adds to it. */
const WITH_T1 =
  /[\u00a1-\u00ac\u00ae-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e\u0218-\u021b]/u;
/** Halves of surrogate pairs, what stands for unreadable bytes, invisible characters, and code points that have no meaning. */
const UNSHOWN = /[\p{Cs}\p{Cf}\p{Co}\p{Cn}\ufffd]/gu;

/**
 * A text for the body of a LaTeX document: it shows as it is, on one line; no command, comment, mathematics or cell border comes through. Line breaks and tabs become
 * spaces; control and invisible characters show as `\u{1b}`. Needs the T1 encoding with pdfLaTeX; for what else it needs see `beyondPdfLatex`.
 */
export function escapeLatex(text: string): string {
  const shown = printable(text.normalize('NFC')).replace(UNSHOWN, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  return (
    shown
      .replace(/[^\S\u00a0\u2009\u202f]+/gu, ' ')
      .trim()
      .replace(/./gu, (character) => COMMANDS.get(character) ?? character)
      // Two of these would be set as one sign.
      .replace(/[-,](?=[-,])/g, '{$&}')
  );
}

/** The characters of an escaped text that pdfLaTeX has no font for: they need LuaLaTeX or XeLaTeX, and a font that has them. Each once, in order of code points. */
export function beyondPdfLatex(escaped: string): string[] {
  const found = [...escaped].filter((character) => character > '~' && !WITH_T1.test(character));
  return [...new Set(found)].sort((one, other) => one.codePointAt(0)! - other.codePointAt(0)!);
}
