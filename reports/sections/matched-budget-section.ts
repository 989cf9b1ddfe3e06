import { rowNotes, meanCell, nameCell, scoredCell, shareCell } from '../cells.ts';
import type { Cell, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { matchedBudgets, type Budget } from '../matched-budget.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import type { ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';

/** Systems at equal vectors a document, whatever their ratio is called: a table a benchmark and model. Undefined where no two systems spend the same. */
export function matchedBudgetSection(rows: readonly ReportRow[]): Section | undefined {
  const budgets = matchedBudgets(rows);
  if (budgets.length === 0) return undefined;
  const groups = groupBy(budgets, ({ rows: [first] }) => JSON.stringify([first!.row.benchmark, first!.row.model]));
  return {
    heading: 'Matched budget',
    blocks: [
      {
        kind: 'paragraph',
        text: 'Systems that get the same candidate documents and spend about as many vectors (of text: tokens) on each document that they read, as measured; a budget reaches from 0.71 to 1.41 times the number that names it. Best: the highest exact match of its budget. Tied: not told apart from it by a paired test (McNemar’s, of several seeds a permutation test) at 5 %, corrected by Holm’s method for the rows of the budget. Budgets that one system has for itself are left out.',
      },
      ...[...groups.values()].map(budgetTable),
    ],
  };
}

function budgetTable(budgets: readonly Budget[]): Section['blocks'][number] {
  const lines = budgets.flatMap(({ vectors, rows }) => rows.map((ranked) => ({ vectors, ...ranked })));
  const rows = lines.map(({ row }) => row);
  const { benchmark, model } = rows[0]!;
  return {
    kind: 'table',
    name: tableName('matched-budget', benchmark, model),
    caption: `${benchmark}, ${model}: equal vectors a document`,
    columns: [
      { label: 'System' },
      { label: 'Documents' },
      { label: 'Budget', numeric: true },
      { label: 'Vectors a document', numeric: true },
      { label: 'Vectors a question', numeric: true },
      ...ratioColumns,
      { label: 'n', numeric: true },
      { label: 'Exact match, %', numeric: true },
      { label: 'F1, %', numeric: true },
      { label: 'In its budget' },
    ],
    facets: rows.map(facetsOf),
    rows: lines.map(({ row, vectors, rank }): Cell[] => [
      nameCell(row),
      { text: facetsOf(row).documents },
      { text: String(vectors), value: vectors },
      meanCell(row, 'vectors-per-document', 1),
      meanCell(row, 'tokens-vectors', 1),
      ...ratioCells(row),
      scoredCell(row),
      shareCell(row, 'exact-match', rank),
      shareCell(row, 'f1'),
      { text: rank ?? '' },
    ]),
    notes: rowNotes(rows),
  };
}
