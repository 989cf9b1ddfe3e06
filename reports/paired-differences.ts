import { bootstrapInterval } from '../harness/statistics/bootstrap-interval.ts';
import { clusterValues, meanOf } from '../harness/statistics/clustered-values.ts';
import { comparePaired, type Pair, type PairedComparison } from '../harness/statistics/compare-paired.ts';
import { holm } from '../harness/statistics/holm.ts';
import type { Interval } from '../harness/statistics/interval.ts';
import { groupBy } from './group-by.ts';
import { pairSeeds } from './pair-seeds.ts';
import type { ReportRow } from './report-row.ts';

/** A mean of the differences `one` - `other` over questions and seeds, with its 95 % interval (bootstrap-interval.ts). Shares, so between -1 and 1. */
export interface MeanDifference {
  readonly mean: number;
  readonly interval: Interval | null;
}

/** Two systems question by question, of the same training seeds (see `pairSeeds`); figures of tests and power are those of exact match. */
export interface PairedDifference extends Pick<
  PairedComparison,
  'test' | 'p' | 'cohensDz' | 'minimumDetectable' | 'questionsNeeded'
> {
  readonly one: ReportRow;
  readonly other: ReportRow;
  /** Questions that both answered, and the seeds of which they did. */
  readonly n: number;
  readonly seeds: number;
  readonly exactMatch: MeanDifference;
  /** Standard deviation of the difference in exact match over seeds; null for one. */
  readonly deviation: number | null;
  readonly f1: MeanDifference;
  /** Answers (of one seed: questions) of which only one of the two is exactly right, and of one seed their ratio. */
  readonly onlyOne: number;
  readonly onlyOther: number;
  readonly oddsRatio: number | null;
  /** p over all differences of the report, by Holm's correction. */
  readonly correctedP: number;
}

/** What every system is compared with: the fine-tuned backbone that reads text. */
const REFERENCE = 'text-lora';
/** What is also compared with every other system of its ratio. */
const METHOD = 'clara';

/**
 * Every system with text-lora, and CLaRa with every other system of its nominal ratio: of one benchmark and model. Without text-lora in the report CLaRa is
 * compared with untrained text. The rows are of systems that answer.
 */
export function pairedDifferences(rows: readonly ReportRow[]): PairedDifference[] {
  const differences = pairs(rows).flatMap(([other, ones]) => ones.flatMap((one) => compareRows(one, other) ?? []));
  const corrected = holm(differences.map(({ p }) => p));
  return differences.map((difference, at) => ({ ...difference, correctedP: corrected[at]! }));
}

/** The rows that each row is taken from, in the order of the report. */
function pairs(rows: readonly ReportRow[]): [ReportRow, ReportRow[]][] {
  const found: [ReportRow, ReportRow[]][] = [];
  const groups = groupBy(rows, ({ benchmark, model }) => JSON.stringify([benchmark, model]));
  for (const group of groups.values()) {
    const of = (id: string): ReportRow[] => group.filter(({ manifest }) => manifest.system.id === id);
    const method = of(METHOD);
    const references = of(REFERENCE);
    for (const reference of references) found.push([reference, group.filter((row) => !references.includes(row))]);
    if (references.length === 0) for (const text of of('text')) found.push([text, method]);
    for (const row of group.filter((row) => !method.includes(row) && row.manifest.ratio !== null)) {
      found.push([row, method.filter(({ manifest }) => manifest.ratio === row.manifest.ratio)]);
    }
  }
  return found.filter(([, ones]) => ones.length > 0);
}

/** Two rows question by question; undefined where they answered no question both with the same seed. */
export function compareRows(one: ReportRow, other: ReportRow): Omit<PairedDifference, 'correctedP'> | undefined {
  const matches = answeredByBoth(one, other, 'exact-match');
  if (matches.length === 0) return undefined;
  const { questions, seeds, difference, interval, discordant, test, p, cohensDz, minimumDetectable, questionsNeeded } =
    comparePaired(matches, { binary: true });
  const f1 = clusterValues(answeredByBoth(one, other, 'f1').map((pair) => ({ ...pair, value: pair.one - pair.other })));
  return {
    one,
    other,
    n: questions,
    seeds,
    exactMatch: { mean: difference.mean, interval },
    deviation: difference.deviation,
    f1: { mean: meanOf(f1), interval: bootstrapInterval(f1) },
    onlyOne: matches.filter((pair) => pair.one > pair.other).length,
    onlyOther: matches.filter((pair) => pair.one < pair.other).length,
    oddsRatio: discordant?.oddsRatio ?? null,
    test,
    p,
    cohensDz,
    minimumDetectable,
    questionsNeeded,
  };
}

/** The values of the questions that both answered, seed by seed in their order. */
function answeredByBoth(one: ReportRow, other: ReportRow, metric: string): Pair[] {
  return pairSeeds(one.seeds, other.seeds).flatMap(({ seed, ...runs }) => {
    const theirs = runs.other.questions.of(metric);
    return [...runs.one.questions.of(metric)]
      .map((value, at) => ({ question: String(at), seed, one: value, other: theirs[at]! }))
      .filter((pair) => !Number.isNaN(pair.one) && !Number.isNaN(pair.other));
  });
}
