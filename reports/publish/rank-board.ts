import type { Board, BoardPair, BoardRow, BoardScore } from './board.ts';

/** Which rows compete; what is not given does not decide. */
export interface Choice {
  readonly metric: string;
  /** Nominal ratio as `ratioName` gives it. */
  readonly ratio?: string;
  readonly model?: string;
}

/** A row's place among those chosen. */
export interface Standing {
  readonly row: BoardRow;
  readonly score: BoardScore;
  /** 1 for the leader and for every row that cannot be told apart from it; null for a row with failed questions, whose score is of other questions than the rest. */
  readonly rank: number | null;
  readonly tied: boolean;
  /** How the row stands to the leader, and by what that is known. */
  readonly verdict: string;
}

/** Of a paired test, after correction. */
const ALPHA = 0.05;

/** A nominal ratio as it is chosen by. */
export function ratioName(ratio: number | null): string {
  return ratio === null ? 'none' : `${ratio}×`;
}

/**
 * The chosen rows by a metric, best first. A row is tied with the leader where the paired comparison of their common report does not tell them apart (exact match: the corrected test; F1: the difference's interval
 * has 0 in it), or, without paired answers at hand, where their 95 % intervals overlap.
 */
export function rankBoard({ rows, pairs }: Board, { metric, ratio, model }: Choice): Standing[] {
  const chosen = rows
    .map((row, place) => ({ row, place, score: row.scores[metric] }))
    .filter((entry): entry is { row: BoardRow; place: number; score: BoardScore } => entry.score !== undefined)
    .filter(
      ({ row }) =>
        (ratio === undefined || ratioName(row.ratio) === ratio) && (model === undefined || row.model === model),
    ) // prettier-ignore
    .sort((one, other) => other.score.value - one.score.value);
  const whole = chosen.filter(({ row }) => row.failures === 0);
  const leader = whole[0];
  return chosen.map(({ row, place, score }) => {
    if (row.failures > 0 || !leader) {
      return { row, score, rank: null, tied: false, verdict: `not ranked: ${row.failures} of ${row.questions * row.seeds} answers failed` }; // prettier-ignore
    }
    if (place === leader.place) return { row, score, rank: 1, tied: false, verdict: 'leader' };
    const pair = pairs.find((pair) => pair.metric === metric && isOf(pair, place, leader.place));
    const { tied, by } = pair ? byPair(pair, place) : byIntervals(score, leader.score);
    const rank = tied ? 1 : 1 + whole.findIndex((other) => other.place === place);
    return { row, score, rank, tied, verdict: `${tied ? 'tied' : 'behind'}: ${by}` };
  });
}

function isOf({ one, other }: BoardPair, place: number, leader: number): boolean {
  return (one === place && other === leader) || (one === leader && other === place);
}

function byPair({ one, difference, interval, p }: BoardPair, place: number): { tied: boolean; by: string } {
  const sign = one === place ? 1 : -1;
  const ends = interval && [sign * interval.low, sign * interval.high].sort((a, b) => a - b).map(points);
  const told = `${points(sign * difference)}${ends ? ` [${ends.join(', ')}]` : ''} points`;
  if (p !== null) return { tied: p >= ALPHA, by: `paired test, p ${probability(p)} (Holm), ${told}` };
  const tied = !interval || (interval.low <= 0 && interval.high >= 0);
  return { tied, by: `paired difference ${told}` };
}

function byIntervals(score: BoardScore, leader: BoardScore): { tied: boolean; by: string } {
  if (score.high === null || leader.low === null) return { tied: true, by: 'no interval and no paired test' };
  const tied = score.high >= leader.low;
  return { tied, by: `intervals ${tied ? 'overlap' : 'are apart'}, no paired test` };
}

function points(share: number): string {
  return (100 * share)
    .toFixed(1)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace('-', '');
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}
