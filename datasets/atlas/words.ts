/** The word tokens of a text: runs of letters, `'s`, single other marks, line feeds. Spaces only separate. */
export function words(text: string): string[] {
  return text.match(/[A-Za-z]+|'s|\n|[^\sA-Za-z]/g) ?? [];
}
