import path from 'node:path';
import { MachineError } from '../errors.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** Items named in the message; the file has them all. */
const NAMED = 5;

/** A loss or gradient that is not a finite number, and the items that it came from. */
export class NotANumber extends Error {
  readonly items: readonly string[];

  constructor(what: string, items: readonly string[]) {
    super(what);
    this.name = 'NotANumber';
    this.items = items;
  }
}

/** Throws where one of the values is not a finite number. */
export function checkFinite(values: Readonly<Record<string, number>>, items: () => readonly string[]): void {
  const bad = Object.entries(values).filter(([, value]) => !Number.isFinite(value));
  if (bad.length > 0) throw new NotANumber(bad.map(([name, value]) => `${name} is ${value}`).join(', '), items());
}

/**
 * The error that ends a training at a value that is not a number; the items are written to `not-a-number.json` in the folder.
 *
 * @param saved step of the last checkpoint, if there is one
 */
export async function stopAt(
  { message, items }: NotANumber,
  step: number,
  folder: string,
  saved: number | undefined,
): Promise<MachineError> {
  const file = path.join(folder, 'not-a-number.json');
  await writeAtomically(file, `${JSON.stringify({ step, what: message, items }, null, 2)}\n`);
  const named = `${items.slice(0, NAMED).join(', ')}${items.length > NAMED ? ` and ${items.length - NAMED} more (${file})` : ` (${file})`}`;
  return new MachineError(
    `${folder}: training stopped at step ${step}: ${message} on ${named}; ${saved === undefined ? 'there is no checkpoint yet' : `the checkpoint of step ${saved} stays`}. ` +
      'Look at these items; a smaller learningRate or a longer warmup may help',
  );
}
