import { wrapText } from './wrap-text.ts';

/** Lines of a label; one that needs more is of a made-up system with a name that nobody reads. */
const LINES = 3;

/** A label in at most three lines of so many characters. What does not fit is cut before its ratio (`4×`) and what follows, which tell it from others of its system. */
export function wrapLabel(label: string, width: number): string[] {
  const lines = wrapText(label, width);
  const kept = [...lines.slice(0, LINES - 1), ...(lines.length < LINES ? [] : [lines.slice(LINES - 1).join(' ')])];
  return kept.map((line) => shorten(line, width));
}

function shorten(line: string, width: number): string {
  const characters = [...line];
  if (characters.length <= width) return line;
  const end = [...(/ [\d.]+×.{0,3}$/u.exec(line)?.[0] ?? '')];
  return `${characters.slice(0, width - 1 - end.length).join('')}…${end.join('')}`;
}
