import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, BoardPair, BoardRow } from '../../../reports/publish/board.ts';
import { rankBoard } from '../../../reports/publish/rank-board.ts';

function row(label: string, value: number, more: Partial<BoardRow> = {}): BoardRow {
  const score = { value, low: value - 0.05, high: value + 0.05, n: 100 };
  return {
    system: label,
    label,
    model: 'tiny',
    ratio: null,
    measuredRatio: null,
    seeds: 1,
    questions: 100,
    failures: 0,
    scores: { 'exact-match': score, f1: score },
    reports: [0],
    finishedAt: '2026-11-24T08:00:00.000Z',
    ...more,
  };
}

function pair(one: number, other: number, difference: number, p: number): BoardPair {
  return { one, other, metric: 'exact-match', difference, interval: { low: difference - 0.04, high: difference + 0.04 }, p }; // prettier-ignore
}

function ranks(board: Board, choice: Parameters<typeof rankBoard>[1]): (string | number | null)[][] {
  return rankBoard(board, choice).map(({ row, rank, verdict }) => [row.label, rank, verdict]);
}

const rows = [
  row('a', 0.8),
  row('b', 0.78),
  row('c', 0.79, { ratio: 4, model: 'other' }),
  row('d', 0.6, { ratio: 4 }),
  row('e', 0.95, { failures: 3 }),
];
const board: Board = {
  name: 'board-0',
  label: 'cities',
  shared: '',
  metrics: [],
  rows,
  pairs: [pair(1, 0, -0.02, 0.012), pair(0, 3, 0.2, 0.0001)],
};

test('a tie is what the paired test does not tell apart, or without one what the intervals do not; failed questions keep a row from a rank', () => {
  assert.deepEqual(ranks(board, { metric: 'exact-match' }), [
    ['e', null, 'not ranked: 3 of 100 answers failed'],
    ['a', 1, 'leader'],
    ['c', 1, 'tied: intervals overlap, no paired test'],
    // Intervals overlap here too; the paired test tells the two apart.
    ['b', 3, 'behind: paired test, p = 0.012 (Holm), −2.0 [−6.0, 2.0] points'],
    ['d', 4, 'behind: paired test, p < 0.001 (Holm), −20.0 [−24.0, −16.0] points'],
  ]);
  const untold = { ...board, pairs: [pair(1, 0, -0.02, 0.4)] };
  assert.deepEqual(ranks(untold, { metric: 'exact-match' })[3], [
    'b',
    1,
    'tied: paired test, p = 0.400 (Holm), −2.0 [−6.0, 2.0] points',
  ]);
  assert.deepEqual(ranks(untold, { metric: 'exact-match' })[4], [
    'd',
    4,
    'behind: intervals are apart, no paired test',
  ]);
});

test('F1 goes by the interval of the paired difference', () => {
  const f1: BoardPair = { one: 0, other: 1, metric: 'f1', difference: 0.02, interval: { low: 0.01, high: 0.03 }, p: null }; // prettier-ignore
  const apart = ranks({ ...board, rows: rows.slice(0, 2), pairs: [f1] }, { metric: 'f1' });
  assert.deepEqual(apart[1], ['b', 2, 'behind: paired difference −2.0 [−3.0, −1.0] points']);
  const within = { ...f1, interval: { low: -0.01, high: 0.05 } };
  const tied = ranks({ ...board, rows: rows.slice(0, 2), pairs: [within] }, { metric: 'f1' });
  assert.deepEqual(tied[1], ['b', 1, 'tied: paired difference −2.0 [−5.0, 1.0] points']);
});

test('those chosen compete', () => {
  assert.deepEqual(
    ranks(board, { metric: 'exact-match', ratio: '4×' }).map(([label, rank]) => [label, rank]),
    [['c', 1], ['d', 2]],
  ); // prettier-ignore
  assert.deepEqual(
    ranks(board, { metric: 'exact-match', ratio: '4×', model: 'tiny' }).map(([label, rank]) => [label, rank]),
    [['d', 1]],
  );
  assert.deepEqual(ranks(board, { metric: 'recall@1' }), []);
});
