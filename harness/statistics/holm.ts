/** p values corrected for being several (Holm 1979, step-down Bonferroni), in the order given: rejecting those under 0.05 makes any false rejection in the family at most 5 % likely. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, at) => at).sort((one, other) => ps[one]! - ps[other]!);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  for (const [rank, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, ps[at]! * (ps.length - rank)));
    corrected[at] = largest;
  }
  return corrected;
}
