import { normalTail } from './normal-tail.ts';

/** From so many discordant pairs on, the chi-square distribution is near enough. */
const EXACT_BELOW = 25;

/** A p and how it came about. */
export interface McNemar {
  readonly p: number;
  readonly method: 'exact' | 'chi-square';
}

/**
 * McNemar's test (1947), two-sided: `one` questions that only the first system has right and `other` that only the second has, where both are equally likely. Pairs on
 * which they agree say nothing. Exact (binomial) below 25 discordant pairs, from there on by the chi-square distribution with Edwards' correction for continuity: of the
 * approximations it is the one of the exact test, so that p does not fall where the method changes, as it would with mid-p. 1 where there is no discordant pair.
 */
export function mcnemar(one: number, other: number): McNemar {
  const n = one + other;
  if (n >= EXACT_BELOW) {
    const root = Math.max(0, Math.abs(one - other) - 1) / Math.sqrt(n);
    return { p: Math.min(1, 2 * normalTail(root)), method: 'chi-square' };
  }
  let chance = 2 ** -n;
  let tail = chance;
  for (let i = 1; i <= Math.min(one, other); i++) {
    chance *= (n - i + 1) / i;
    tail += chance;
  }
  return { p: Math.min(1, 2 * tail), method: 'exact' };
}
