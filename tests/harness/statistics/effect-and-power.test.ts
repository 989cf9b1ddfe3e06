import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cohensDz } from '../../../harness/statistics/cohens-dz.ts';
import { matchedOddsRatio } from '../../../harness/statistics/matched-odds-ratio.ts';
import { meanAndDeviation } from '../../../harness/statistics/mean-and-deviation.ts';
import { minimumDetectableDifference, questionsNeeded } from '../../../harness/statistics/power.ts';
import { near } from './near.ts';

test('mean, standard deviation and Cohen’s d_z are numpy’s', () => {
  // numpy 2.4.6: np.mean(d), np.std(d, ddof=1), and their ratio.
  const differences = [0.5, -0.25, 1, 0.1, 0.3, 0, 0.75, -0.4];
  const { mean, deviation } = meanAndDeviation(differences);
  near(mean, 0.25, 1e-15);
  near(deviation!, 0.4832922806867792, 1e-15);
  near(cohensDz(differences)!, 0.5172853157197942, 1e-15);
  const seeds = meanAndDeviation([0.42, 0.45, 0.39]);
  near(seeds.mean, 0.42, 1e-15);
  near(seeds.deviation!, 0.03, 1e-15);
  assert.equal(meanAndDeviation([1]).deviation, null);
  assert.equal(cohensDz([0.5, 0.5]), null);
});

test('the odds ratio of matched pairs is that of the discordant ones', () => {
  assert.equal(matchedOddsRatio(30, 12), 2.5);
  assert.equal(matchedOddsRatio(3, 0), Infinity);
  assert.equal(matchedOddsRatio(0, 0), null);
});

test('the minimum detectable difference is that of statsmodels', () => {
  // statsmodels 0.15.0: TTestPower().solve_power(nobs=n, alpha=.05, power=.8)
  const values = [
    [10, 0.9960019107624178],
    [20, 0.6604416544380312],
    [50, 0.4041829997377859],
    [200, 0.19906465946973934],
    [1000, 0.08868101827724957],
    [10_000, 0.02801842456534891],
  ] as const;
  for (const [n, effect] of values)
    near(minimumDetectableDifference(0.3, n)! / (0.3 * effect), 1, n === 10 ? 0.011 : 0.003);
  assert.equal(minimumDetectableDifference(0.3, 1), null);
});

test('the questions needed are those of statsmodels', () => {
  // statsmodels 0.15.0: TTestPower().solve_power(effect_size=e, alpha=.05, power=.8), rounded up.
  const values = [
    [0.02, 19_625],
    [0.05, 3142],
    [0.1, 787],
    [0.3, 90],
    [0.5, 34],
    [1, 10],
  ] as const;
  for (const [effect, n] of values) assert.equal(questionsNeeded(-effect * 0.4, 0.4), n);
  assert.equal(questionsNeeded(0, 0.4), null);
});
