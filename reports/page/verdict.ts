import { Bits } from '../questions/bits.ts';
import type { RunIndex } from '../questions/records.ts';
import { element } from './element.ts';

/** What became of a question: its answer is an exact match or not, or the system failed on it. */
export type Verdict = 'right' | 'wrong' | 'failed';

export const VERDICTS: readonly Verdict[] = ['right', 'wrong', 'failed'];
const SIGNS: Readonly<Record<Verdict, string>> = { right: '✓', wrong: '✗', failed: '†' };

/** Verdicts of a run by the questions' places; undefined for a run without answers. */
export function verdictsOf({ right, failed }: RunIndex): ((place: number) => Verdict) | undefined {
  if (right === null || failed === null) return undefined;
  const [rights, failures] = [new Bits(right), new Bits(failed)];
  return (place) => (rights.has(place) ? 'right' : failures.has(place) ? 'failed' : 'wrong');
}

/** A verdict as a sign with its word for those who do not see it. */
export function verdictSign(verdict: Verdict): HTMLElement {
  return element('span', { class: 'sign', 'data-mark': verdict, role: 'img', 'aria-label': verdict }, SIGNS[verdict]);
}
