import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePaired, type Pair } from '../../../harness/statistics/compare-paired.ts';
import { near } from './near.ts';

/** 40 questions both right, 20 only the first, 8 only the other, 32 both wrong. */
const rates: Pair[] = Array.from({ length: 100 }, (_, at) => ({
  question: `q${at}`,
  seed: 0,
  one: at < 60 ? 1 : 0,
  other: at < 40 || (at >= 60 && at < 68) ? 1 : 0,
}));

test('rates are compared by McNemar’s test, the odds ratio and the power of the paired test', () => {
  const found = comparePaired(rates, { binary: true });
  assert.deepEqual([found.questions, found.pairs, found.seeds, found.test], [100, 100, 1, 'mcnemar-chi-square']);
  // statsmodels 0.15.0: mcnemar([[40, 20], [8, 32]], exact=False, correction=True).pvalue
  near(found.p, 0.03763531378731436, 1e-12);
  assert.deepEqual(found.discordant, { one: 20, other: 8, oddsRatio: 2.5, riskDifference: 0.12 });
  near(found.one.mean, 0.6, 1e-12);
  near(found.other.mean, 0.48, 1e-12);
  // numpy 2.4.6: d.mean() / d.std(ddof=1) of the differences.
  near(found.cohensDz!, 0.2316780067144499, 1e-12);
  // statsmodels 0.15.0: TTestPower().solve_power(nobs=100, ...) * d.std(ddof=1); and of effect_size=d_z, rounded up.
  near(found.minimumDetectable!, 0.14653702, 1e-4);
  assert.equal(found.questionsNeeded, 149);
  assert.ok(found.interval!.low > 0 && found.interval!.high < 0.25);
  assert.equal(found.difference.deviation, null);
});

test('other values, or a question with several, go by permutation', () => {
  const graded = rates.map((pair) => ({ ...pair, one: pair.one / 2 }));
  const found = comparePaired(graded, { binary: false });
  assert.deepEqual([found.test, found.discordant], ['permutation', null]);
  const twice = [...rates, ...rates];
  const pooled = comparePaired(twice, { binary: true });
  assert.deepEqual([pooled.test, pooled.questions, pooled.pairs], ['permutation', 100, 200]);
  // The same values twice are no more evidence.
  const once = comparePaired(rates, { binary: false });
  assert.deepEqual([pooled.p, pooled.interval], [once.p, once.interval]);
});

test('several training seeds have a deviation and widen the interval', () => {
  const seeds = [0, 1, 2].flatMap((seed) =>
    rates.map((pair, at) => ({ ...pair, seed, one: seed === 1 && at < 30 ? 0 : pair.one })),
  );
  const found = comparePaired(seeds, { binary: true });
  assert.deepEqual([found.seeds, found.questions, found.pairs], [3, 100, 300]);
  near(found.difference.mean, 0.02, 1e-12);
  // numpy 2.4.6: np.std([0.12, -0.18, 0.12], ddof=1)
  near(found.difference.deviation!, 0.17320508075688773, 1e-12);
  near(found.other.deviation!, 0, 1e-12);
  const alone = comparePaired(rates, { binary: true });
  const width = ({ interval }: typeof found): number => interval!.high - interval!.low;
  assert.ok(width(found) > 1.5 * width(alone));
});

test('systems that are alike are no different', () => {
  const alike = comparePaired(
    rates.map((pair) => ({ ...pair, other: pair.one })),
    { binary: true },
  );
  assert.deepEqual([alike.p, alike.interval, alike.cohensDz], [1, { low: 0, high: 0 }, null]);
  assert.deepEqual([alike.minimumDetectable, alike.questionsNeeded, alike.discordant!.oddsRatio], [null, null, null]);
});
