import { bootstrapInterval } from '../harness/statistics/bootstrap-interval.ts';
import { unclustered } from '../harness/statistics/clustered-values.ts';
import type { Interval } from '../harness/statistics/interval.ts';
import { mcnemar } from '../harness/statistics/mcnemar.ts';
import { groupBy } from './group-by.ts';
import type { ReportRow } from './report-row.ts';

/** A mean of the differences `one` - `other` over the questions, with its 95 % interval (paired bootstrap). Shares, so between -1 and 1. */
export interface MeanDifference {
  readonly mean: number;
  readonly interval: Interval | null;
}

/** Two systems question by question. */
export interface PairedDifference {
  readonly one: ReportRow;
  readonly other: ReportRow;
  /** Questions that both answered. */
  readonly n: number;
  readonly exactMatch: MeanDifference;
  readonly f1: MeanDifference;
  /** Questions that only one of the two has exactly right, and McNemar's exact p of such a split. */
  readonly onlyOne: number;
  readonly onlyOther: number;
  readonly p: number;
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
  return pairs(rows).flatMap(([other, ones]) => ones.map((one) => compare(one, other)));
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

function compare(one: ReportRow, other: ReportRow): PairedDifference {
  const matches = differences(one, other, 'exact-match');
  const onlyOne = matches.filter((difference) => difference > 0).length;
  const onlyOther = matches.filter((difference) => difference < 0).length;
  return {
    one,
    other,
    n: matches.length,
    exactMatch: meanOf(matches),
    f1: meanOf(differences(one, other, 'f1')),
    onlyOne,
    onlyOther,
    p: mcnemar(onlyOne, onlyOther).p,
  };
}

/** Of the questions that both answered, in their order. */
function differences({ questions: one }: ReportRow, { questions: other }: ReportRow, metric: string): number[] {
  const theirs = other.of(metric);
  return [...one.of(metric)].map((value, at) => value - theirs[at]!).filter((difference) => !Number.isNaN(difference));
}

function meanOf(differences: readonly number[]): MeanDifference {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return { mean, interval: bootstrapInterval(unclustered(differences), { method: 'percentile' }) };
}
