import { nameCell, percent, shareCell } from '../cells.ts';
import type { Cell, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { metricHeading } from '../metric-heading.ts';
import { countedSeeds, scoreOf, type ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';

/** What is shown seed by seed; everything else of each seed stands in results.csv and data.json. */
const SHOWN = ['exact-match', 'recall@1'] as const;

/** The single training seeds behind the rows: one table a benchmark, model and metric. Undefined where every row has one seed. */
export function seedsSection(rows: readonly ReportRow[]): Section | undefined {
  const several = rows.filter(({ seeds }) => seeds.length > 1);
  if (several.length === 0) return undefined;
  const groups = [...groupBy(several, ({ benchmark, model }) => JSON.stringify([benchmark, model])).values()];
  const most = Math.max(...several.map(countedSeeds));
  const same = several.filter(({ sameAnswers }) => sameAnswers);
  return {
    heading: 'Training seeds',
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'A row of the other tables stands for all training seeds of a system with its settings: the mean over all answers of all seeds, n = questions × seeds. The standard deviation is that of the seeds’ own values.',
          ...(most > 1
            ? [
                `Intervals over seeds come from a hierarchical bootstrap, which draws seeds and, for all drawn seeds, questions. With as few as ${most} seeds it is somewhat too narrow: drawing from them has ${most - 1}/${most} of the variance that their own spread speaks for.`,
              ]
            : []),
          ...(same.length > 0
            ? [
                'Systems marked “same answers” gave the same answers under every seed, byte for byte, since nothing in them depends on it: their questions count once.',
              ]
            : []),
        ].join(' '),
      },
      ...groups.flatMap((group) => SHOWN.flatMap((metric) => table(group, metric))),
    ],
  };
}

function table(group: readonly ReportRow[], metric: string): Table[] {
  const rows = group.filter((row) => scoreOf(row, metric));
  if (rows.length === 0) return [];
  const { benchmark, model } = rows[0]!;
  const seeds = [...new Set(rows.flatMap(({ seeds }) => seeds.map(({ manifest }) => manifest.seed)))];
  const inOrder = seeds.sort((one, other) => one - other);
  return [
    {
      kind: 'table',
      name: tableName('seeds', metric, benchmark, model),
      caption: `${benchmark}, ${model}: ${metricHeading(metric).toLowerCase()} by training seed, %`,
      columns: [
        { label: 'System' },
        ...inOrder.map((seed) => ({ label: `Seed ${seed}`, numeric: true })),
        { label: 'Mean [95 %]', numeric: true },
        { label: 'SD', numeric: true },
        { label: 'Answers' },
      ],
      facets: rows.map(facetsOf),
      rows: rows.map((row): Cell[] => [
        nameCell(row),
        ...inOrder.map((seed) => seedCell(row, metric, seed)),
        shareCell(row, metric),
        shareText(scoreOf(row, metric)?.deviation),
        { text: row.sameAnswers ? 'same answers' : 'by seed' },
      ]),
    },
  ];
}

function seedCell({ seeds }: ReportRow, metric: string, seed: number): Cell {
  const run = seeds.find(({ manifest }) => manifest.seed === seed);
  return shareText(run && scoreOf(run, metric)?.value);
}

function shareText(share: number | null | undefined): Cell {
  return share === null || share === undefined ? { text: '–' } : { text: percent(share) };
}
