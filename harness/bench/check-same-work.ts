import { MachineError } from '../errors.ts';
import type { Measurement } from './measurement.ts';

/** Losses that are further apart are not those of the same work. */
const TOLERANCE = 1e-3;

/** @throws MachineError where both sides of a row say what came of their work, and it is not the same: every loss within 1e-3, answers to the letter */
export function checkSameWork(row: string, { results: ours }: Measurement, { results: theirs }: Measurement): void {
  if (!ours || !theirs) return;
  const longer = ours.length >= theirs.length ? ours : theirs;
  const at = longer.findIndex((_, i) => !same(ours[i], theirs[i]));
  if (at < 0) return;
  throw new MachineError(`${row}: expected the same work on both sides, got ${JSON.stringify(ours[at])} here and ${JSON.stringify(theirs[at])} of the peer (result ${at + 1} of ${ours.length} and ${theirs.length})`); // prettier-ignore
}

function same(one: number | string | undefined, other: number | string | undefined): boolean {
  return typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) <= TOLERANCE : one === other;
}
