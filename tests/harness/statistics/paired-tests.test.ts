import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm } from '../../../harness/statistics/holm.ts';
import { mcnemar } from '../../../harness/statistics/mcnemar.ts';
import { signFlipTest } from '../../../harness/statistics/sign-flip-test.ts';
import { near } from './near.ts';

test('McNemar’s p below 25 discordant pairs is the exact one of statsmodels', () => {
  // statsmodels 0.15.0: mcnemar([[0, b], [c, 0]], exact=True).pvalue
  const values = [
    [2, 8, 0.109375],
    [8, 2, 0.109375],
    [10, 14, 0.5412561893463135],
    [0, 24, 1.1920928955078125e-7],
    [12, 12, 1],
    [0, 0, 1],
  ] as const;
  for (const [one, other, p] of values) {
    near(mcnemar(one, other).p, p, 1e-13);
    assert.equal(mcnemar(one, other).method, 'exact');
  }
});

test('McNemar’s p from 25 discordant pairs on is the corrected chi-square’s of statsmodels', () => {
  // statsmodels 0.15.0: mcnemar([[0, b], [c, 0]], exact=False, correction=True).pvalue
  const values = [
    [10, 15, 0.4237107971667936],
    [20, 40, 0.014171388254012323],
    [59, 6, 1.1199327149542469e-10],
    [950, 1050, 0.02684892060083147],
    [3, 97, 1.4044568480883404e-20],
  ] as const;
  for (const [one, other, p] of values) {
    near(mcnemar(one, other).p / p, 1, 1e-10);
    assert.equal(mcnemar(other, one).method, 'chi-square');
  }
  // statsmodels takes the correction also where it is larger than the difference, and says 0.92.
  assert.equal(mcnemar(50, 50).p, 1);
});

const scipyDifferences = [0.5, -0.25, 1, 0.1, 0.3, 0, 0.75, -0.4];

test('the permutation test of few differences is exact, as scipy’s', () => {
  // scipy 1.17.1: stats.permutation_test((d, zeros), mean of the difference, permutation_type='samples', n_resamples=np.inf).pvalue
  assert.equal(signFlipTest(scipyDifferences), 0.203125);
  assert.equal(signFlipTest(scipyDifferences.map((value) => -value)), 0.203125);
  assert.equal(signFlipTest([0, 0, 0]), 1);
  assert.equal(signFlipTest([0.1, 0.2, 0.3]), 0.25);
});

test('the permutation test of many differences is scipy’s, of many sizes and of few', () => {
  // The same call with n_resamples=1000000, rng=np.random.default_rng(0), over [sin(i i) + 0.25 for i in range(60)] and over halves and wholes.
  const many = Array.from({ length: 60 }, (_, i) => Math.sin(i * i) + 0.25);
  near(signFlipTest(many, { draws: 200_000 }), 0.019016, 0.0015);
  const repeat = (count: number, value: number): number[] => new Array<number>(count).fill(value);
  const few = [...repeat(40, 0.5), ...repeat(25, -0.5), ...repeat(10, 1), ...repeat(12, -1), ...repeat(100, 0)];
  near(signFlipTest(few, { draws: 200_000 }), 0.42046, 0.005);
  assert.equal(signFlipTest(few), signFlipTest(few));
  assert.notEqual(signFlipTest(few), signFlipTest(few, { seed: 1 }));
});

test('a drawn p is never 0, and no more than what the exact one is at most', () => {
  // No draw is as extreme; the exact p, 2 / 2^20, is under Hoeffding's 2 exp(-20 / 2), which is under 1 / 10,001.
  near(signFlipTest(new Array<number>(20).fill(1)), 2 * Math.exp(-10), 1e-15);
});

test('Holm’s correction is that of statsmodels', () => {
  // statsmodels 0.15.0: multipletests(ps, method='holm')[1]
  const near4 = (found: number[], expected: number[]): void => found.forEach((p, at) => near(p, expected[at]!, 1e-15));
  near4(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  near4(holm([0.2, 0.001, 0.9, 0.04, 0.04, 0.0004]), [0.4, 0.005, 0.9, 0.16, 0.16, 0.0024]);
  assert.deepEqual(holm([]), []);
});
