import { nameCell, numberCell, percent, picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Cell, Column, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import type { FactsHeld } from '../facts-held.ts';
import { groupBy } from '../group-by.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { countedSeeds } from '../report-row.ts';
import { tableName } from '../table-name.ts';

/** How many of a passage's facts a system still has, where all of them were asked; one table a benchmark and model. Undefined where none were. */
export function factsHeldSection(held: readonly FactsHeld[], pictures: readonly Picture[]): Section | undefined {
  if (held.length === 0) return undefined;
  const groups = groupBy(held, ({ row }) => JSON.stringify([row.benchmark, row.model]));
  return {
    heading: 'Facts held by a passage’s memory',
    blocks: [
      {
        kind: 'paragraph',
        text: 'Every fact of each passage was asked. A memory that is too small can lose some facts of every passage, or all facts of some: the shares of passages tell which. In round brackets stands what they would be if each fact were right with the mean’s probability, whatever holds of the others.',
      },
      ...picturesBlock(pictures),
      ...[...groups.values()].map(table),
    ],
  };
}

function table(group: readonly FactsHeld[]): Table {
  const { row, facts } = group[0]!;
  const guessed = group.find((one) => one.guessed !== null)?.guessed ?? null;
  const severalSeeds = group.some(({ row }) => countedSeeds(row) > 1);
  const leftOut = group.filter((one) => one.leftOut > 0).map((one) => `${one.row.label}: ${one.leftOut}`);
  return {
    kind: 'table',
    name: tableName('facts-held', row.benchmark, row.model),
    caption: `${row.benchmark}, ${row.model}: facts right of the ${facts} that were asked of each passage`,
    columns: [
      { label: 'System' },
      ...ratioColumns,
      { label: 'Passages', numeric: true },
      { label: `Facts right, of ${facts}`, numeric: true },
      ...Array.from({ length: facts + 1 }, (_, right): Column => ({ label: `${right} right, %`, numeric: true })),
    ],
    facets: group.map(({ row }) => facetsOf(row)),
    rows: group.map(({ row, passages, mean, shares, independent }): Cell[] => [
      nameCell(row),
      ...ratioCells(row),
      numberCell(passages, 0),
      { text: `${mean.value.toFixed(2)} [${mean.low.toFixed(2)}, ${mean.high.toFixed(2)}]` },
      ...shares.map((share, right) => ({ text: `${percent(share)} (${percent(independent[right]!)})` })),
    ]),
    notes: [
      severalSeeds
        ? 'In square brackets: 95 % intervals (bootstrap over passages, BCa; of several training seeds over passages and seeds, percentile). Passages: × seeds.'
        : 'In square brackets: 95 % intervals (bootstrap over passages, BCa).',
      ...(guessed === null ? [] : [`Guessing values gives ${guessed.toFixed(2)} of ${facts}.`]),
      ...(leftOut.length > 0
        ? [`Passages without an answer to each question, which do not count: ${leftOut.join('; ')}.`]
        : []),
    ],
  };
}
