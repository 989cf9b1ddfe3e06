import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { drawBinomial } from '../../../harness/statistics/draw-binomial.ts';
import { resampleTotals } from '../../../harness/statistics/resample-totals.ts';
import { near } from './near.ts';

/** Pearson's statistic of drawn counts under the binomial distribution, over values expected at least 20 times, and their number. */
function pearson(n: number, p: number, draws: number): { statistic: number; values: number } {
  const random = xoroshiro128plus(7);
  const counts = new Float64Array(n + 1);
  for (let i = 0; i < draws; i++) counts[drawBinomial(random, n, p)]!++;
  let logarithm = n * Math.log(1 - p);
  let [statistic, values] = [0, 0];
  for (let k = 0; k <= n; k++) {
    const expected = draws * Math.exp(logarithm);
    if (expected >= 20) {
      statistic += (counts[k]! - expected) ** 2 / expected;
      values++;
    }
    logarithm += Math.log(((n - k) / (k + 1)) * (p / (1 - p)));
  }
  return { statistic, values };
}

test('drawn binomial numbers have the binomial distribution, by inversion and by rejection', () => {
  for (const [n, p] of [
    [6, 0.3],
    [40, 0.2],
    [40, 0.4],
    [40, 0.9],
    [1000, 0.03],
    [100_000, 0.25],
  ] as const) {
    const { statistic, values } = pearson(n, p, 200_000);
    // Five standard deviations of a chi-square variable over its mean.
    assert.ok(values > 5 && statistic < values + 5 * Math.sqrt(2 * values), `${n}, ${p}: ${statistic} over ${values}`);
  }
  const random = xoroshiro128plus(1);
  assert.deepEqual([drawBinomial(random, 0, 0.5), drawBinomial(random, 9, 0), drawBinomial(random, 9, 1)], [0, 0, 9]);
});

test('totals of drawn rows have the same moments by counts and by places', () => {
  // 400 rows of three kinds go by counts; the same with a column of places, all different, by places.
  const kinds = Float64Array.from({ length: 400 }, (_, at) => [1, 0, 0, -1, 0, 1, 0, 0][at % 8]!);
  const weights = kinds.map((value) => 2 + value);
  const places = Float64Array.from({ length: 400 }, (_, at) => at);
  const moments = (columns: Float64Array[]): number[] => {
    const draws = 20_000;
    let [sum, squares, product] = [0, 0, 0];
    resampleTotals(columns, { draws, seed: 3 }, ([total, weight]) => {
      sum += total!;
      squares += (total! - 50) ** 2;
      product += (total! - 50) * (weight! - 850);
    });
    return [sum / draws, squares / draws, product / draws];
  };
  // Mean 1/8 and variance 3/8 - 1/64 a row; the weights move with the values.
  const expected = [50, 143.75, 143.75];
  for (const columns of [
    [kinds, weights],
    [kinds, weights, places],
  ]) {
    const found = moments(columns);
    near(found[0]!, expected[0]!, 0.5);
    near(found[1]!, expected[1]!, 6);
    near(found[2]!, expected[2]!, 6);
  }
});
