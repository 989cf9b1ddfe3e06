import { nameCell, percent, picturesBlock, scoredCell, shareCell } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { DialPanels } from '../dial-panels.ts';
import type { Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { intervalKind } from '../interval-kind.ts';
import { tableName } from '../table-name.ts';

/** What makes the generated benchmark hard: exact match against each dial, one table a system. Undefined where no dial was turned. */
export function dialsSection(systems: readonly DialPanels[], pictures: readonly Picture[]): Section | undefined {
  if (systems.length === 0) return undefined;
  return {
    heading: 'Difficulty dials',
    blocks: [
      {
        kind: 'paragraph',
        text: 'Each dial of the generated benchmark is turned by itself, the others staying as they are in most of the runs. Attribute alone: the exact match to expect of a reader who takes any passage with the asked attribute, whosever it is. No passage: of one who guesses a value. Both by construction.',
      },
      ...picturesBlock(pictures),
      ...systems.map(table),
    ],
  };
}

function table({ label, panels }: DialPanels): Table {
  const points = panels.flatMap(({ dial, points }) => points.map((point) => ({ dial, ...point })));
  const rows = points.map(({ row }) => row);
  return {
    kind: 'table',
    name: tableName('dials', label),
    caption: `${label}: exact match by dial`,
    columns: [
      { label: 'Dial' },
      { label: 'Value', numeric: true },
      { label: 'System' },
      { label: 'n', numeric: true },
      { label: 'Exact match, %', numeric: true },
      { label: 'Attribute alone, %', numeric: true },
      { label: 'No passage, %', numeric: true },
    ],
    facets: rows.map(facetsOf),
    rows: points.map(({ dial, value, row, chance }) => [
      { text: dial },
      { text: value },
      nameCell(row),
      scoredCell(row),
      shareCell(row, 'exact-match'),
      { text: chance.attribute === null ? '–' : percent(chance.attribute) },
      { text: percent(chance.nothing) },
    ]),
    notes: [`In brackets: 95 % intervals (${intervalKind(rows, 'Wilson score')}).`],
  };
}
