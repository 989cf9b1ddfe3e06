/**
 * Indexes of the scores, highest first; equal ones in their order.
 *
 * @throws Error where a score is not a number: it would stand anywhere
 */
export function rankByScore(scores: readonly number[]): number[] {
  const wrong = scores.findIndex((score) => Number.isNaN(score));
  if (wrong >= 0) throw new Error(`candidate ${wrong}: its score is not a number`);
  return scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
