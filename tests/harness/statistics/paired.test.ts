import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcnemar } from '../../../harness/statistics/mcnemar.ts';
import { pairedBootstrap } from '../../../harness/statistics/paired-bootstrap.ts';

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `expected ${expected}, got ${actual}`);
}

test('McNemar’s exact p is twice the binomial tail', () => {
  // By hand: 2 (1 + 10 + 45) / 2^10, 2 (1 + 5) / 2^5, and no discordant pair.
  near(mcnemar(2, 8), 112 / 1024, 1e-12);
  near(mcnemar(8, 2), 112 / 1024, 1e-12);
  near(mcnemar(4, 1), 12 / 32, 1e-12);
  assert.equal(mcnemar(0, 0), 1);
  // An even split is no evidence; twice the tail is over 1 there.
  assert.equal(mcnemar(5, 5), 1);
  // 2 * 0.5^20.
  near(mcnemar(0, 20), 1.9073486328125e-6, 1e-18);
});

test('McNemar’s exact p keeps its digits where 2^-n is nothing', () => {
  // 2 sum(comb(2000, i) for i in 0..950) / 2^2000 in whole numbers of any size.
  near(mcnemar(950, 1050), 0.026824146240280695, 1e-12);
  assert.ok(mcnemar(0, 3000) < 1e-300);
});

test('the bootstrap’s interval of many differences is that of the normal distribution', () => {
  const differences = Array.from({ length: 400 }, (_, at) => [1, 0, 0, -1, 0, 1, 0, 0][at % 8]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / 400;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
  const half = (1.959964 * deviation) / Math.sqrt(400);
  const { low, high } = pairedBootstrap(differences)!;
  near(low, mean - half, 3e-3);
  near(high, mean + half, 3e-3);
});

test('the bootstrap’s quantiles are those of the samples of two questions', () => {
  // Means of two of {0, 1}: 0, 1/2 and 1 with the chances 1/4, 1/2 and 1/4.
  assert.deepEqual(pairedBootstrap([0, 1]), { low: 0, high: 1 });
  assert.deepEqual(pairedBootstrap([0.25, 0.25, 0.25]), { low: 0.25, high: 0.25 });
  assert.equal(pairedBootstrap([1]), null);
});

test('the bootstrap’s seed decides its interval', () => {
  const differences = Array.from({ length: 50 }, (_, at) => Math.sin(at));
  assert.deepEqual(pairedBootstrap(differences), pairedBootstrap(differences));
  assert.notDeepEqual(pairedBootstrap(differences), pairedBootstrap(differences, { seed: 1 }));
});
