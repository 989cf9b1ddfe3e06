import type { Prediction } from '../prediction.ts';
import type { Question } from './metric.ts';

/** What a retrieval metric gives where a question has no gold passage: `skip` leaves the question out, `zero` counts it as 0 (CLaRa's evaluate.py). */
export type WithoutGold = 'skip' | 'zero';

/** Number of different gold passages among the first k of the ranking. A shorter ranking has what it has: ranks beyond it are misses. */
export function hitsAt(k: number, ranking: NonNullable<Prediction['ranking']>, gold: Question['pos_index']): number {
  let hits = 0;
  const end = Math.min(k, ranking.length);
  for (let rank = 0; rank < end; rank++) {
    const doc = ranking[rank]!;
    if (gold.includes(doc) && ranking.indexOf(doc) === rank) hits++;
  }
  return hits;
}

/** Number of different gold passages. */
export function goldCount(gold: Question['pos_index']): number {
  let count = 0;
  for (let at = 0; at < gold.length; at++) if (gold.indexOf(gold[at]!) === at) count++;
  return count;
}
