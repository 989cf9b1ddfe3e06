import { bootstrapInterval } from '../harness/statistics/bootstrap-interval.ts';
import { meanOf, unclustered } from '../harness/statistics/clustered-values.ts';
import { comparePaired, type PairedComparison } from '../harness/statistics/compare-paired.ts';
import { holm } from '../harness/statistics/holm.ts';
import type { Interval } from '../harness/statistics/interval.ts';
import { groupBy } from './group-by.ts';
import type { ReportRow } from './report-row.ts';

/** A mean of the differences `one` - `other` over the questions, with its 95 % interval (BCa bootstrap). Shares, so between -1 and 1. */
export interface MeanDifference {
  readonly mean: number;
  readonly interval: Interval | null;
}

/** Two systems question by question; figures of tests and power are those of exact match. */
export interface PairedDifference extends Pick<
  PairedComparison,
  'test' | 'p' | 'cohensDz' | 'minimumDetectable' | 'questionsNeeded'
> {
  readonly one: ReportRow;
  readonly other: ReportRow;
  /** Questions that both answered. */
  readonly n: number;
  readonly exactMatch: MeanDifference;
  readonly f1: MeanDifference;
  /** Questions that only one of the two has exactly right, and their ratio. */
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
 * Every system with text-lora, and CLaRa with every other system of its nominal ratio: of one benchmark, model and seed. Without text-lora in the report CLaRa is
 * compared with untrained text. The rows are of systems that answer.
 */
export function pairedDifferences(rows: readonly ReportRow[]): PairedDifference[] {
  const differences = pairs(rows).flatMap(([other, ones]) => ones.flatMap((one) => compare(one, other)));
  const corrected = holm(differences.map(({ p }) => p));
  return differences.map((difference, at) => ({ ...difference, correctedP: corrected[at]! }));
}

/** The rows that each row is taken from, in the order of the report. */
function pairs(rows: readonly ReportRow[]): [ReportRow, ReportRow[]][] {
  const found: [ReportRow, ReportRow[]][] = [];
  const groups = groupBy(rows, ({ benchmark, model, manifest: { seed } }) => JSON.stringify([benchmark, model, seed]));
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

/** None where the two answered no question both. */
function compare(one: ReportRow, other: ReportRow): Omit<PairedDifference, 'correctedP'>[] {
  const matches = answeredByBoth(one, other, 'exact-match');
  if (matches.length === 0) return [];
  const { difference, interval, discordant, test, p, cohensDz, minimumDetectable, questionsNeeded } = comparePaired(
    matches.map((pair, at) => ({ ...pair, question: String(at), seed: 0 })),
    { binary: true },
  );
  const f1 = unclustered(answeredByBoth(one, other, 'f1').map((pair) => pair.one - pair.other));
  return [
    {
      one,
      other,
      n: matches.length,
      exactMatch: { mean: difference.mean, interval },
      f1: { mean: meanOf(f1), interval: bootstrapInterval(f1) },
      onlyOne: discordant!.one,
      onlyOther: discordant!.other,
      oddsRatio: discordant!.oddsRatio,
      test,
      p,
      cohensDz,
      minimumDetectable,
      questionsNeeded,
    },
  ];
}

/** The values of the questions that both answered, in their order. */
function answeredByBoth(one: ReportRow, other: ReportRow, metric: string): { one: number; other: number }[] {
  const theirs = other.questions.of(metric);
  return [...one.questions.of(metric)]
    .map((value, at) => ({ one: value, other: theirs[at]! }))
    .filter((pair) => !Number.isNaN(pair.one) && !Number.isNaN(pair.other));
}
