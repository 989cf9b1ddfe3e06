import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalQuantile } from '../../../harness/statistics/normal-quantile.ts';
import { normalTail } from '../../../harness/statistics/normal-tail.ts';
import { near } from './near.ts';

test('the normal distribution’s tail is scipy’s, relative to its size', () => {
  // scipy 1.17.1: stats.norm.sf(x)
  const values = [
    [-3, 0.9986501019683699],
    [-1, 0.8413447460685429],
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1.959963984540054, 0.025],
    [2.5, 0.006209665325776132],
    [2.6, 0.004661188023718747],
    [5, 2.866515718791933e-7],
    [10, 7.61985302416047e-24],
    [30, 4.906713927147908e-198],
  ] as const;
  for (const [x, tail] of values) near(normalTail(x) / tail, 1, 1e-12);
});

test('the normal distribution’s quantiles are scipy’s', () => {
  // scipy 1.17.1: stats.norm.ppf(p)
  const values = [
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.2, -0.8416212335729142],
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.9999999, 5.199337582290661],
  ] as const;
  for (const [p, quantile] of values) near(normalQuantile(p), quantile, 1e-8 * Math.max(1, Math.abs(quantile)));
  assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
});
