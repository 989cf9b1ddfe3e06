import { meanOf, questionMeans, type ClusteredValues } from '../harness/statistics/clustered-values.ts';
import { holm } from '../harness/statistics/holm.ts';
import { pairedTest } from '../harness/statistics/paired-test.ts';
import { signFlipBound } from '../harness/statistics/sign-flip-bound.ts';
import type { Cell, Table } from './document.ts';
import { groupBy } from './group-by.ts';
import { pairSeeds } from './pair-seeds.ts';
import { givesAnswers, scoreOf, type ReportRow } from './report-row.ts';

/** What is known to be better the higher it is. */
const RANKED = /^(exact-match|cover-exact-match-.+|f1|mrr|(recall|precision|ndcg)@\d+)$/;
const LEVEL = 0.05;

/**
 * Which of some rows of one benchmark and model have the best mean of a metric that is a share, and which are tied with it: not told apart from it by a paired test (McNemar's where the metric is 0
 * or 1 and there is one seed, otherwise a permutation test) at 5 %, corrected by Holm's method over the comparisons with the best. Rows are compared that are given the same candidate documents. A row
 * with failures is not ranked, since its score is of other questions; nor are rows that are alone or all alike, or metrics of which more may be worse.
 */
export function rankRows(
  rows: readonly ReportRow[],
  { id: metric, binary }: { readonly id: string; readonly binary: boolean },
): ReadonlyMap<ReportRow, NonNullable<Cell['rank']>> {
  const ranks = new Map<ReportRow, NonNullable<Cell['rank']>>();
  if (!RANKED.test(metric)) return ranks;
  const whole = rows.filter((row) => row.scores.failures === 0 && scoreOf(row, metric));
  for (const group of groupBy(whole, documentsOf).values()) {
    const values = group.map((row) => scoreOf(row, metric)!.value);
    const highest = Math.max(...values);
    if (Math.min(...values) === highest) continue;
    const best = group.filter((_, at) => values[at] === highest);
    const others = group.filter((_, at) => values[at] !== highest);
    for (const row of best) ranks.set(row, 'best');
    const ps = others.map((row) => probability(differencesOf(best[0]!, row, metric), binary, others.length));
    for (const [at, p] of holm(ps).entries()) if (p >= LEVEL) ranks.set(others[at]!, 'tied');
  }
  return ranks;
}

/** A table with a note that says what its marks mean, where it has any. */
export function withRankNote(table: Table, among = 'systems with the same candidate documents'): Table {
  if (!table.rows.some((row) => row.some(({ rank }) => rank !== undefined))) return table;
  const note = `Bold: the best value of its column among ${among}. Underlined: not found to differ from it on the same questions (p, corrected by Holm’s method over the comparisons with the best, is at least ${LEVEL}; McNemar’s test where values are 0 or 1, otherwise a permutation test), which does not say that it is as good. Rows with failures are not marked.`;
  return { ...table, notes: [note, ...(table.notes ?? [])] };
}

/** The choice of documents; a system without the setting has none, or all where it only ranks them. */
function documentsOf(row: ReportRow): string {
  const { docs = givesAnswers(row) ? 'none' : 'all' } = row.manifest.settings;
  return JSON.stringify(docs);
}

/** 0 where no question was answered by both with the same seed: nothing says that they are alike. What is beyond doubt is not drawn. */
function probability(differences: ClusteredValues, binary: boolean, comparisons: number): number {
  if (Number.isNaN(meanOf(differences))) return 0;
  const bound = signFlipBound(questionMeans(differences));
  return bound * comparisons < LEVEL ? bound : pairedTest(differences, { binary }).p;
}

/** At each question what one has more than the other, seed by seed. */
function differencesOf(one: ReportRow, other: ReportRow, metric: string): ClusteredValues {
  const columns = pairSeeds(one.seeds, other.seeds).map((runs) => {
    const theirs = runs.other.questions.of(metric);
    return runs.one.questions.of(metric).map((value, at) => value - theirs[at]!);
  });
  return {
    sums: columns.map((column) => column.map((value) => (Number.isNaN(value) ? 0 : value))),
    sizes: columns.map((column) => column.map((value) => (Number.isNaN(value) ? 0 : 1))),
  };
}
