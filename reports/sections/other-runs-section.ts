import type { RunsComparison, RunsMatch } from '../against/compare-with-runs.ts';
import { numberCell, percent } from '../cells.ts';
import { differenceCell, probabilityCell } from '../difference-cells.ts';
import type { Block, Cell, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { metricHeading } from '../metric-heading.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import type { ReportRow } from '../report-row.ts';

const NONE: Cell = { text: '–' };

/** What p is looked at under, after correction. */
const SIGNIFICANT = 0.05;

/** The report's cells beside the same cells of other runs, paired by question. */
export function otherRunsSection(match: RunsMatch, rows: readonly ReportRow[]): Section {
  const { comparisons, unmatched, pairs, same, otherWeights, mixed } = match;
  const notes = [
    ...(same.length > 0
      ? [
          `${same.length} of the ${pairs} cells gave the same answers in both, byte for byte, and stand in no row, nor among the comparisons that p is corrected for: ${same.join('; ')}.`,
        ]
      : []),
    ...(otherWeights.length > 0
      ? [`Answered with other weights or after another training: ${otherWeights.join('; ')}.`]
      : []),
    ...(['A', 'B'] as const).flatMap((side) => {
      const alone = unmatched.filter((cell) => cell.side === side).map(({ label }) => label);
      const where = side === 'A' ? 'Only here' : 'Only there';
      return alone.length > 0 ? [`${where}, in these settings, and left out: ${alone.join('; ')}.`] : [];
    }),
  ];
  const blocks: Block[] = [
    {
      kind: 'paragraph',
      text: `Each cell of this report (benchmark, system with its settings, model) with the same cell of other runs: here minus there, in percentage points, over the questions that both answered, paired by the question’s id. In brackets: 95 % intervals of a paired bootstrap (BCa, 10,000 samples; over several training seeds percentile). p: McNemar’s test of exact match, a permutation test elsewhere and over several seeds; p (Holm): corrected for the ${comparisons.length} comparisons of this section.`,
    },
    ...(mixed.length > 0
      ? [
          {
            kind: 'paragraph',
            text: 'Warning: the two sides must not be compared; it was asked for all the same (--allow-mixed). Questions are paired by their ids alone. What differs:',
          } as const,
          { kind: 'code', text: mixed.join('\n') } as const,
        ]
      : []),
    ...(comparisons.length > 0
      ? [table(comparisons, rows, notes)]
      : notes.map((text) => ({ kind: 'paragraph', text }) as const)),
  ];
  return { heading: 'Beside other runs', blocks };
}

/** The same in a sentence. */
export function otherRunsSummary({ comparisons, pairs, same }: RunsMatch): string {
  const apart = comparisons.filter(({ correctedP }) => correctedP < SIGNIFICANT).length;
  return `Against other runs: ${pairs} ${pairs === 1 ? 'cell' : 'cells'} in both, ${same.length} of them with the same answers; ${apart} of ${comparisons.length} differences with p (Holm) under ${SIGNIFICANT}.`;
}

function table(comparisons: readonly RunsComparison[], rows: readonly ReportRow[], notes: readonly string[]): Table {
  const own = comparisons.map(({ cells }) => {
    const keys = cells.one.runs.map(({ manifest }) => manifest.key);
    return rows.find(({ seeds }) => seeds.some(({ manifest }) => keys.includes(manifest.key)))!;
  });
  return {
    kind: 'table',
    name: 'other-runs',
    caption: 'This report and other runs',
    columns: [
      { label: 'System' },
      { label: 'Benchmark' },
      ...ratioColumns,
      { label: 'Metric' },
      { label: 'Questions', numeric: true },
      { label: 'Here, %', numeric: true },
      { label: 'There, %', numeric: true },
      { label: 'Difference, points', numeric: true },
      { label: 'Only here right', numeric: true },
      { label: 'Only there right', numeric: true },
      { label: 'p', numeric: true },
      { label: 'p (Holm)', numeric: true },
      { label: 'Detectable, points', numeric: true },
    ],
    facets: own.map(facetsOf),
    rows: comparisons.map((row, at): Cell[] => [
      { text: own[at]!.label },
      { text: own[at]!.benchmark },
      ...ratioCells(own[at]!),
      { text: metricHeading(row.metric.id) },
      numberCell(row.questions, 0),
      shareText(row.one.mean),
      shareText(row.other.mean),
      differenceCell({ mean: row.difference.mean, interval: row.interval }),
      row.discordant ? numberCell(row.discordant.one, 0) : NONE,
      row.discordant ? numberCell(row.discordant.other, 0) : NONE,
      probabilityCell(row.p),
      probabilityCell(row.correctedP),
      row.minimumDetectable === null ? NONE : shareText(row.minimumDetectable),
    ]),
    notes,
  };
}

function shareText(share: number): Cell {
  return { text: percent(share), value: 100 * share };
}
