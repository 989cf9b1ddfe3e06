/**
 * The conditional odds ratio of matched pairs: questions that only the first system has right over those that only the second has. Infinity where there are only the
 * former, null where there are neither. The risk difference is (one - other) / n, the mean of the differences.
 */
export function matchedOddsRatio(one: number, other: number): number | null {
  return one + other === 0 ? null : one / other;
}
