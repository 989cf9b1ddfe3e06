import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratioOfMeans } from '../../../harness/statistics/ratio-of-means.ts';
import { RunningMean } from '../../../harness/statistics/running-mean.ts';
import { studentT95 } from '../../../harness/statistics/student-t.ts';
import { wilson } from '../../../harness/statistics/wilson.ts';
import { near } from './near.ts';

test('the Wilson interval has the published values', () => {
  // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
  const published = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [hits, n, low, high] of published) {
    const interval = wilson(hits / n, n);
    near(interval.low, low, 5e-5);
    near(interval.high, high, 5e-5);
  }
  assert.equal(wilson(1, 20).high, 1);
});

test('the quantiles of Student’s t are those of the tables', () => {
  const table = [
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [5, 2.57058],
    [10, 2.22814],
    [30, 2.04227],
    [1000, 1.96234],
  ] as const;
  for (const [freedom, t] of table) near(studentT95(freedom), t, freedom === 3 ? 4e-3 : freedom === 4 ? 9e-4 : 3e-4);
});

test('a streamed mean has the interval of its values', () => {
  const values = [0.25, 1, 0.5, 0, 1, 0.75, 1e9, 1e9 + 1];
  const running = new RunningMean();
  for (const value of values) running.add(value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  assert.equal(running.mean, mean);
  near(running.interval()!.high, mean + (studentT95(7) * deviation) / Math.sqrt(8), 1e-3);
  assert.equal(running.n, 8);
});

test('the spread of large, close values keeps its digits', () => {
  const running = new RunningMean();
  for (let i = 0; i < 1000; i++) running.add(1e8 + (i % 2));
  near(running.interval()!.high - running.mean, (studentT95(999) * Math.sqrt(250 / 999)) / Math.sqrt(1000), 1e-6);
});

test('a weighted mean is the ratio of the totals, with the interval of the delta method', () => {
  const source = [600, 640, 100, 1200];
  const vectors = [40, 40, 20, 60];
  const running = new RunningMean();
  source.forEach((tokens, at) => running.add(tokens / vectors[at]!, vectors[at]));
  const ratio = 2540 / 160;
  assert.equal(running.mean, ratio);
  const spread = source.reduce((sum, tokens, at) => sum + (tokens - ratio * vectors[at]!) ** 2, 0) / 3;
  near(running.interval()!.high - ratio, (studentT95(3) * Math.sqrt(spread / 4)) / 40, 1e-9);
});

test('one value has no interval', () => {
  const running = new RunningMean();
  running.add(3);
  assert.equal(running.interval(), null);
});

test('the ratio of two means has the interval of the delta method on its logarithm', () => {
  const meanOf = (values: readonly number[]): RunningMean => {
    const mean = new RunningMean();
    for (const value of values) mean.add(value);
    return mean;
  };
  const [one, other] = [meanOf([41, 44, 39, 47, 52]), meanOf([12, 10.5, 13, 11])];
  // numpy and scipy 1.16: v = a.var(ddof=1) / len(a) / a.mean() ** 2 of each, freedom = floor((va + vb) ** 2 / (va ** 2 / 4 + vb ** 2 / 3)) = 6,
  // a.mean() / b.mean() * exp(-+ scipy.stats.t.ppf(0.975, 6) * sqrt(va + vb)).
  const { ratio, interval } = ratioOfMeans(one, other);
  near(ratio, 3.8365591397849466, 1e-12);
  near(interval!.low, 3.231590093121525, 2e-4);
  near(interval!.high, 4.554781271423426, 2e-4);
  assert.equal(ratioOfMeans(one, meanOf([4])).interval, null);
});
