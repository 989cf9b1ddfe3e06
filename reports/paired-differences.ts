import path from 'node:path';
import { scoreFiles } from '../harness/scoring/score-files.ts';
import type { Interval } from '../harness/statistics/interval.ts';
import { mcnemar } from '../harness/statistics/mcnemar.ts';
import { pairedBootstrap } from '../harness/statistics/paired-bootstrap.ts';
import { groupBy } from './group-by.ts';
import { RUN_FILES, type ReportRow } from './report-row.ts';

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

type Values = ReadonlyMap<string, { readonly exactMatch: number; readonly f1: number }>;

/**
 * Every system with text-lora, and CLaRa with every other system of its nominal ratio: of one benchmark, model and seed. Without text-lora in the report CLaRa is
 * compared with untrained text. The rows are of systems that answer. Holds the values of two runs at a time.
 */
export async function pairedDifferences(rows: readonly ReportRow[], preset: string): Promise<PairedDifference[]> {
  const found: PairedDifference[] = [];
  for (const [other, ones] of pairs(rows)) {
    const values = await valuesOf(other, preset);
    for (const one of ones) found.push(compare(one, await valuesOf(one, preset), other, values));
  }
  return found;
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

async function valuesOf({ folder }: ReportRow, preset: string): Promise<Values> {
  const values = new Map<string, { exactMatch: number; f1: number }>();
  await scoreFiles({
    predictions: path.join(folder, RUN_FILES.predictions),
    data: path.join(folder, RUN_FILES.examples),
    failures: path.join(folder, RUN_FILES.failures),
    preset,
    onQuestion: (id, { 'exact-match': exactMatch, f1 }) => {
      if (typeof exactMatch === 'number' && typeof f1 === 'number') values.set(id, { exactMatch, f1 });
    },
  });
  return values;
}

function compare(one: ReportRow, values: Values, other: ReportRow, others: Values): PairedDifference {
  const both = [...values].flatMap(([id, mine]) => {
    const theirs = others.get(id);
    return theirs ? [{ mine, theirs }] : [];
  });
  const differences = (metric: 'exactMatch' | 'f1'): number[] =>
    both.map(({ mine, theirs }) => mine[metric] - theirs[metric]);
  const matches = differences('exactMatch');
  const onlyOne = matches.filter((difference) => difference > 0).length;
  const onlyOther = matches.filter((difference) => difference < 0).length;
  return {
    one,
    other,
    n: both.length,
    exactMatch: meanOf(matches),
    f1: meanOf(differences('f1')),
    onlyOne,
    onlyOther,
    p: mcnemar(onlyOne, onlyOther),
  };
}

function meanOf(differences: readonly number[]): MeanDifference {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return { mean, interval: pairedBootstrap(differences) };
}
