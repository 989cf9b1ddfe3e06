import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bcaInterval } from '../../../harness/statistics/bca-interval.ts';
import { bootstrapInterval } from '../../../harness/statistics/bootstrap-interval.ts';
import { bootstrapMeans } from '../../../harness/statistics/bootstrap-means.ts';
import { clusterValues, meanOf, questionMeans, unclustered } from '../../../harness/statistics/clustered-values.ts';
import { quantile } from '../../../harness/statistics/quantile.ts';
import { near } from './near.ts';

const draws = 200_000;

test('percentile and BCa intervals of skewed values are scipy’s', () => {
  // scipy 1.17.1: stats.bootstrap(([exp(2 sin(i i)) for i in range(60)],), np.mean, n_resamples=400000, method=..., rng=np.random.default_rng(0))
  const values = unclustered(Array.from({ length: 60 }, (_, i) => Math.exp(2 * Math.sin(i * i))));
  const percentile = bootstrapInterval(values, { draws, method: 'percentile' })!;
  near(percentile.low, 1.54553, 0.006);
  near(percentile.high, 2.77983, 0.006);
  const bca = bootstrapInterval(values, { draws, method: 'bca' })!;
  near(bca.low, 1.58331, 0.006);
  near(bca.high, 2.82862, 0.006);
});

test('the intervals of a rate are scipy’s, drawn by counts', () => {
  // stats.binom.ppf([0.025, 0.975], 200, 0.2) / 200, and stats.bootstrap as above over [1] * 40 + [0] * 160 with BCa.
  const values = unclustered(Array.from({ length: 200 }, (_, i) => (i < 40 ? 1 : 0)));
  assert.deepEqual(bootstrapInterval(values, { draws, method: 'percentile' }), { low: 0.145, high: 0.255 });
  const { low, high } = bootstrapInterval(values, { draws })!;
  near(low, 0.15, 1e-9);
  near(high, 0.26, 1e-9);
});

test('BCa over all samples of five values is what numpy gives for them', () => {
  // All 5^5 samples of [0, 0.2, 0.5, 0.9, 3]; bias norm.ppf of the share under the mean: 0.0976, acceleration 0.0911; np.quantile at the moved shares: 0.28 and 2.44.
  const five = [0, 0.2, 0.5, 0.9, 3];
  const means = Float64Array.from({ length: 5 ** 5 }, (_, sample) => {
    const drawn = [1, 5, 25, 125, 625].map((power) => five[Math.floor(sample / power) % 5]!);
    return drawn.reduce((sum, value) => sum + value, 0) / 5;
  }).sort();
  near(quantile(means, 0.025), 0.18, 1e-9);
  near(quantile(means, 0.975), 2, 1e-9);
  const { low, high } = bcaInterval(means, unclustered(five))!;
  near(low, 0.28, 1e-9);
  near(high, 2.44, 1e-9);
});

test('settings that share a question are drawn with it', () => {
  // All 6^6 samples of clusters [[1, 0, 1], [0, 0], [1], [1, 1, 1], [0, 1], [0]] with numpy: mean, standard deviation, np.quantile.
  const clusters = [[1, 0, 1], [0, 0], [1], [1, 1, 1], [0, 1], [0]];
  const values = clusterValues(
    clusters.flatMap((cluster, question) => cluster.map((value) => ({ question: String(question), seed: 0, value }))),
  );
  near(meanOf(values), 0.5833333333333334, 1e-15);
  assert.deepEqual([...questionMeans(values)], [2 / 3, 0, 1, 1, 0.5, 0]);
  const means = bootstrapMeans(values, { draws });
  near(quantile(means, 0.025), 0.22222222, 1e-8);
  near(quantile(means, 0.975), 0.85714286, 1e-8);
  near(deviation(means), 0.1605752887527994, 1e-3);
});

test('questions and training seeds are drawn apart', () => {
  // All 3^3 x 4^4 samples of rows and columns of the matrix with numpy: h[np.ix_(seeds, questions)].mean().
  const matrix = [
    [1, 0, 0.5, 1],
    [0, 0, 1, 1],
    [1, 0.25, 1, 0],
  ];
  const values = clusterValues(
    matrix.flatMap((row, seed) => row.map((value, question) => ({ question: String(question), seed, value }))),
  );
  near(meanOf(values), 0.5625, 1e-15);
  const means = bootstrapMeans(values, { draws });
  near(quantile(means, 0.025), 0.20833333, 1e-8);
  near(quantile(means, 0.975), 0.91666667, 1e-8);
  near(deviation(means), 0.1778984507979097, 1e-3);
  assert.deepEqual(bootstrapInterval(values, { draws }), bootstrapInterval(values, { draws, method: 'percentile' }));
});

test('a question that one seed lacks counts as often as it is there', () => {
  const values = clusterValues([
    { question: 'a', seed: 1, value: 1 },
    { question: 'b', seed: 1, value: 0 },
    { question: 'a', seed: 2, value: 0.5 },
  ]);
  assert.equal(meanOf(values), 0.5);
  assert.deepEqual([...questionMeans(values)], [0.75, 0]);
  const means = bootstrapMeans(values, { draws: 1000 });
  // Seed 2 twice and b twice: a sample without any value.
  assert.ok(means.length < 1000 && means.length > 850, String(means.length));
  assert.deepEqual([means[0], means.at(-1)], [0, 1]);
});

test('the quantiles are those of the samples of two questions', () => {
  // Means of two of {0, 1}: 0, 1/2 and 1 with the chances 1/4, 1/2 and 1/4.
  assert.deepEqual(bootstrapInterval(unclustered([0, 1])), { low: 0, high: 1 });
  assert.deepEqual(bootstrapInterval(unclustered([0.25, 0.25, 0.25])), { low: 0.25, high: 0.25 });
  assert.equal(bootstrapInterval(unclustered([1])), null);
});

test('the seed decides the interval', () => {
  const values = unclustered(Array.from({ length: 50 }, (_, at) => Math.sin(at)));
  assert.deepEqual(bootstrapInterval(values), bootstrapInterval(values));
  assert.notDeepEqual(bootstrapInterval(values), bootstrapInterval(values, { seed: 1 }));
});

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
