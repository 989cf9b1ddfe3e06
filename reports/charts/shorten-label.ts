/** A label of at most so many characters: cut before its ratio (`4×`) and what follows, which tell it from others of its system. */
export function shortenLabel(label: string, most: number): string {
  const characters = [...label];
  if (characters.length <= most) return label;
  const end = [...(/ [\d.]+×.{0,3}$/u.exec(label)?.[0] ?? '')];
  return `${characters.slice(0, most - 1 - end.length).join('')}…${end.join('')}`;
}
