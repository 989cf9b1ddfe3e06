/**
 * What the p of `signFlipTest` over all signs is at most: 2 exp(-s² / (2 Σ d²)) for differences d with the sum s (Hoeffding 1963, for signs that are as likely as not). Where it is small enough to
 * decide, nothing need be drawn. 1 at most.
 */
export function signFlipBound(differences: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < differences.length; at++) {
    sum += differences[at]!;
    squares += differences[at]! ** 2;
  }
  return squares === 0 ? 1 : Math.min(1, 2 * Math.exp(-(sum ** 2) / (2 * squares)));
}
