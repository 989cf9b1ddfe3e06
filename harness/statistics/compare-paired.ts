import { type BootstrapOptions, bootstrapInterval } from './bootstrap-interval.ts';
import { clusterValues, meanOf, questionMeans } from './clustered-values.ts';
import { cohensDz } from './cohens-dz.ts';
import type { Interval } from './interval.ts';
import { matchedOddsRatio } from './matched-odds-ratio.ts';
import { meanAndDeviation } from './mean-and-deviation.ts';
import { pairedTest, type PairedTest } from './paired-test.ts';
import { minimumDetectableDifference, questionsNeeded } from './power.ts';

/** What two systems got for one question, of one training seed and one setting. */
export interface Pair {
  readonly question: string;
  readonly seed: number;
  readonly one: number;
  readonly other: number;
}

/** The mean of one system's values, and the standard deviation of its seeds' means; null for one seed. */
export interface SeedsMean {
  readonly mean: number;
  readonly deviation: number | null;
}

/** Two systems question by question; differences are the first minus the second. */
export interface PairedComparison extends PairedTest {
  readonly questions: number;
  readonly pairs: number;
  readonly seeds: number;
  readonly one: SeedsMean;
  readonly other: SeedsMean;
  readonly difference: SeedsMean;
  /** 95 %, by a bootstrap over questions, and over seeds where there are several; null for one question. */
  readonly interval: Interval | null;
  /** Where McNemar's test applies: the questions that only one of the two has right, and their odds ratio (Infinity where only the first has any; null where none has). */
  readonly discordant: {
    readonly one: number;
    readonly other: number;
    readonly oddsRatio: number | null;
    /** The mean of the differences, as it is called for rates. */
    readonly riskDifference: number;
  } | null;
  /** Of the questions' mean differences. */
  readonly cohensDz: number | null;
  /** By so many questions, at a power of 80 %; null where they are too few or do not differ. */
  readonly minimumDetectable: number | null;
  /** That would find the difference seen with a power of 80 %; null where it is 0. */
  readonly questionsNeeded: number | null;
}

/** Compares two systems over their pairs, of which there is at least one. `binary`: every value is 0 or 1. */
export function comparePaired(
  pairs: readonly Pair[],
  { binary, ...options }: BootstrapOptions & { readonly binary: boolean },
): PairedComparison {
  const differences = clusterValues(
    pairs.map(({ question, seed, one, other }) => ({ question, seed, value: one - other })),
  );
  const means = questionMeans(differences);
  const difference = seedsMean(pairs, ({ one, other }) => one - other);
  const deviation = meanAndDeviation(means).deviation;
  const onlyOne = pairs.filter(({ one, other }) => one > other).length;
  const onlyOther = pairs.filter(({ one, other }) => one < other).length;
  const { p, test } = pairedTest(differences, { binary, ...options });
  return {
    questions: means.length,
    pairs: pairs.length,
    seeds: differences.sums.length,
    one: seedsMean(pairs, ({ one }) => one),
    other: seedsMean(pairs, ({ other }) => other),
    difference,
    interval: bootstrapInterval(differences, options),
    p,
    test,
    discordant:
      test !== 'permutation'
        ? {
            one: onlyOne,
            other: onlyOther,
            oddsRatio: matchedOddsRatio(onlyOne, onlyOther),
            riskDifference: difference.mean,
          }
        : null,
    cohensDz: cohensDz(means),
    minimumDetectable: deviation === null ? null : minimumDetectableDifference(deviation, means.length),
    questionsNeeded: deviation === null ? null : questionsNeeded(meanOf(differences), deviation),
  };
}

function seedsMean(pairs: readonly Pair[], value: (pair: Pair) => number): SeedsMean {
  const seeds = new Map<number, { sum: number; n: number }>();
  let sum = 0;
  for (const pair of pairs) {
    const own = seeds.get(pair.seed) ?? { sum: 0, n: 0 };
    own.sum += value(pair);
    own.n++;
    sum += value(pair);
    seeds.set(pair.seed, own);
  }
  const { deviation } = meanAndDeviation([...seeds.values()].map((own) => own.sum / own.n));
  return { mean: sum / pairs.length, deviation };
}
