/**
 * A PDF by Chromium without what differs from print to print: its two dates become the given one, and the identifiers of tagged cells are numbered in their order. Every replacement is as
 * long as what it replaces, so that the file's table of places stays right.
 */
export function steadyPdf(pdf: Buffer, date: Date): Buffer {
  const stamp = date
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14);
  // One character a byte: compressed streams come through as they are.
  const text = pdf.toString('latin1');
  const names = [...new Set(text.match(NODE))].sort();
  const numbers = new Map(names.map((name, at) => [name, `(node${String(at + 1).padStart(8, '0')})`]));
  const steady = text
    .replace(/(\/(?:Creation|Mod)Date \(D:)\d{14}/g, (_, before: string) => `${before}${stamp}`)
    .replace(NODE, (name) => numbers.get(name)!);
  return Buffer.from(steady, 'latin1');
}

const NODE = /\(node\d{8}\)/g;
