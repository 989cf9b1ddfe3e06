/** Terms of the continued fraction: from x = 2.5 on, 100 give all digits of float64 but the last two. */
const TERMS = 100;

/**
 * P(Z > x) of the standard normal distribution; the cumulative distribution function at x is `normalTail(-x)`. Up to |x| = 2.5 by the series of Marsaglia (2004,
 * "Evaluating the normal distribution"), beyond by Laplace's continued fraction, so that small tails keep their digits.
 */
export function normalTail(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 0) return 1 - normalTail(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x <= 2.5) {
    let [sum, term] = [x, x];
    for (let i = 3; term > sum * 1e-17; i += 2) {
      term *= (x * x) / i;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let i = TERMS; i > 0; i--) fraction = x + i / fraction;
  return density / fraction;
}
