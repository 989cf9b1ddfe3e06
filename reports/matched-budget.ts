import { groupBy } from './group-by.ts';
import { rankRows } from './rank-rows.ts';
import { scoreOf, type ReportRow } from './report-row.ts';

/** Systems that spend about as much on a document, from the same candidate documents. */
export interface Budget {
  /** Vectors (of text: tokens) a document: a power of two. Rows are in the budget that is nearest, by ratio. */
  readonly vectors: number;
  readonly rows: readonly BudgetRow[];
}

/** A row with how it stands to the best of its budget. */
export interface BudgetRow {
  readonly row: ReportRow;
  readonly rank?: 'best' | 'tied';
}

/** The budgets that at least two rows share, benchmark by benchmark, from the least; in each the rows by exact match, best first. The rows are of systems that answer. */
export function matchedBudgets(rows: readonly ReportRow[]): Budget[] {
  const spending = rows.flatMap((row) => {
    const score = scoreOf(row, 'vectors-per-document');
    return score && score.value > 0 ? [{ row, vectors: 2 ** Math.round(Math.log2(score.value)) }] : [];
  });
  const groups = groupBy(spending, ({ row: { benchmark, model, manifest }, vectors }) =>
    JSON.stringify([benchmark, model, manifest.settings.docs, vectors]),
  );
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({ vectors: group[0]!.vectors, rows: ranked(group.map(({ row }) => row)) }))
    .sort((one, other) => inOrder(one, other));
}

function inOrder(one: Budget, other: Budget): number {
  const [a, b] = [one.rows[0]!.row, other.rows[0]!.row];
  if (a.benchmark !== b.benchmark) return a.benchmark < b.benchmark ? -1 : 1;
  if (a.model !== b.model) return a.model < b.model ? -1 : 1;
  const [ours, theirs] = [a, b].map(({ manifest }) => String(manifest.settings.docs));
  return ours === theirs ? one.vectors - other.vectors : ours! < theirs! ? -1 : 1;
}

/** The best first; a row with failures, whose score is of other questions, has no rank. */
function ranked(rows: readonly ReportRow[]): BudgetRow[] {
  const value = (row: ReportRow): number => scoreOf(row, 'exact-match')?.value ?? -1;
  const ranks = rankRows(rows, { id: 'exact-match', binary: true });
  return [...rows].sort((one, other) => value(other) - value(one)).map((row) => ({ row, rank: ranks.get(row) }));
}
