/**
 * McNemar's exact test (1947; the sign test on the discordant pairs): two-sided p of seeing `one` questions that only the first system has right and `other` that
 * only the second has, where both are equally likely. Pairs on which they agree say nothing. 1 where there is no discordant pair.
 */
export function mcnemar(one: number, other: number): number {
  const n = one + other;
  const fewer = Math.min(one, other);
  // P(X = i) of the binomial distribution with n trials and chance 1/2, by its logarithm: 2^-n alone is nothing in float64 from n = 1075 on.
  let logarithm = -n * Math.LN2;
  let tail = Math.exp(logarithm);
  for (let i = 1; i <= fewer; i++) {
    logarithm += Math.log((n - i + 1) / i);
    tail += Math.exp(logarithm);
  }
  return Math.min(1, 2 * tail);
}
