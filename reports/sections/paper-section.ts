import { numberCell, shareCell } from '../cells.ts';
import { differenceCell } from '../difference-cells.ts';
import type { Block, Cell, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import type { PaperComparison, PaperMatch } from '../paper/compare-with-paper.ts';
import type { DifferingSetting } from '../paper/differing-settings.ts';
import { PAPER, type PublishedValue } from '../paper/load-published.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { tableName } from '../table-name.ts';

/** The benchmarks of the tables by question, in the paper's order and words. */
const BENCHMARKS = { nq: 'NQ', hotpotqa: 'HotpotQA', musique: 'MuSiQue', '2wiki': '2Wiki' };

/** The report's figures beside the published ones: each difference, what differs in how the two were made, what has no counterpart, and which figures the paper has. */
export function paperSection(match: PaperMatch): Section {
  const { comparisons, unmatched, published } = match;
  const settings = numberedSettings(comparisons);
  return {
    heading: 'Beside the published figures',
    blocks: [
      { kind: 'paragraph', text: introduction(match) },
      ...(comparisons.length > 0
        ? [...figuresTables(comparisons, settings), settingsTable(comparisons, settings)]
        : []),
      ...unmatchedTable(unmatched, [...comparisons, ...unmatched]),
      publishedTable(published),
    ],
  };
}

/** The same in a sentence or two. */
export function paperSummary({ comparisons, unmatched }: PaperMatch): string {
  if (comparisons.length === 0) {
    const unknown = [
      ...new Set(unmatched.flatMap(({ benchmark, row }) => (benchmark ? [] : row.manifest.benchmark.id))),
    ];
    const reason =
      unknown.length > 0
        ? `the paper has no figures for ${unknown.join(', ')}, only for ${Object.values(BENCHMARKS).join(', ')}`
        : 'the paper has none of these systems, settings and ratios on these benchmarks';
    return `No figure of this report has a published counterpart: ${reason}.`;
  }
  const covered = comparisons.filter(({ isCovered }) => isCovered === true).length;
  const bare = comparisons.filter(({ isCovered }) => isCovered === null).length;
  const without = bare > 0 ? ` ${bare} of them ${bare === 1 ? 'has' : 'have'} no interval.` : '';
  return `Against the paper: ${comparisons.length} figures have a published counterpart, which lies inside of the 95 % interval of ${covered}.${without}`;
}

function introduction(match: PaperMatch): string {
  const source = `Published figures: ${PAPER}.`;
  if (match.comparisons.length === 0) {
    return `${paperSummary(match)} ${source} Below stand the reason for each system, and the figures that the paper has.`;
  }
  return [
    paperSummary(match),
    source,
    'Each figure stands beside the published one of the same system, stage, setting, nominal ratio, benchmark and metric. The paper gives neither intervals nor several seeds, and the settings differ as numbered in the last column and told in the table after the figures: a figure whose interval holds the published one is no replication, and one whose interval does not is no refutation.',
  ].join(' ');
}

/** Settings that differ, each once and in the order of their names: numbered from 1 by their place. */
function numberedSettings(comparisons: PaperMatch['comparisons']): string[] {
  const texts = comparisons.flatMap(({ differs }) => differs.map(settingKey));
  return [...new Set(texts)].sort((one, other) => (one < other ? -1 : 1));
}

function settingKey({ what, here, there }: DifferingSetting): string {
  return JSON.stringify([what, here, there]);
}

/** One table for each table of the paper. */
function figuresTables(comparisons: PaperMatch['comparisons'], settings: readonly string[]): Table[] {
  return [...groupBy(comparisons, ({ published }) => published.table.id).values()].map((group) =>
    figuresTable(group, settings),
  );
}

function figuresTable(comparisons: PaperMatch['comparisons'], settings: readonly string[]): Table {
  const { table, metric } = comparisons[0]!.published;
  const severalMetrics = comparisons.some(({ published }) => published.metric.id !== metric.id);
  const marks = [...new Set(comparisons.flatMap(({ published }) => published.marks))];
  return {
    kind: 'table',
    name: tableName('paper', table.id),
    caption: `${table.title}, this report and the paper’s ${table.place}${severalMetrics ? '' : `: ${metric.name}`}, %`,
    columns: [
      { label: 'System' },
      { label: 'Benchmark' },
      { label: 'Setting' },
      ...(severalMetrics ? [{ label: 'Metric' }] : []),
      ...ratioColumns,
      { label: 'n', numeric: true },
      { label: 'Here', numeric: true },
      { label: 'Paper', numeric: true },
      { label: 'Difference, points', numeric: true },
      { label: 'Inside the interval' },
      { label: 'Published as' },
      { label: 'Differs in' },
    ],
    facets: comparisons.map(({ row }) => facetsOf(row)),
    rows: comparisons.map(({ row, score, published, difference, isCovered, differs }): Cell[] => [
      { text: row.label },
      { text: row.benchmark },
      { text: published.setting ?? '–' },
      ...(severalMetrics ? [{ text: published.metric.name }] : []),
      ...ratioCells(row),
      numberCell(score.n, 0),
      shareCell(row, score.metric),
      numberCell(published.value, 2),
      differenceCell({ mean: difference, interval: null }),
      { text: isCovered === null ? 'no interval' : isCovered ? 'yes' : 'no' },
      { text: `${publishedAs(published)}${published.marks.length > 0 ? ' *' : ''}` },
      {
        text: differs.map((setting) => settings.indexOf(settingKey(setting)) + 1).join(', ') || 'nothing that is known',
      },
    ]),
    notes: [
      'Normal: what retrieval found; oracle: with the gold passages among it. Difference: here minus paper. Inside the interval: whether the 95 % interval of the figure here holds the published one. Differs in: numbers of the table “What differs between this report and the paper”.',
      ...marks.map((mark) => `* ${mark}.`),
    ],
  };
}

const BACKBONES: Readonly<Record<string, string>> = {
  'mistral-7b-instruct-v0.2': 'Mistral-7B',
  'phi-4-mini-instruct': 'Phi-4-mini',
};

/** A published figure's system: `CLaRa from instruction, Mistral-7B`. */
function publishedAs({ system, start, variant, backbone }: PublishedValue): string {
  const name = [system, ...(start ? [`from ${start}`] : []), ...(variant ? [`(${variant})`] : [])].join(' ');
  return backbone ? `${name}, ${BACKBONES[backbone] ?? backbone}` : name;
}

/** What differs, each once, with the systems that it is of. */
function settingsTable(comparisons: PaperMatch['comparisons'], settings: readonly string[]): Table {
  return {
    kind: 'table',
    name: 'paper-settings',
    caption: 'What differs between this report and the paper',
    columns: [{ label: 'No.' }, { label: 'What' }, { label: 'Here' }, { label: 'Paper' }, { label: 'Of' }],
    rows: settings.map((setting, at) => {
      const of = comparisons.filter(({ differs }) => differs.some((own) => settingKey(own) === setting));
      const texts = JSON.parse(setting) as string[];
      return [String(at + 1), ...texts, listed(of, comparisons)].map((text) => ({ text }));
    }),
  };
}

type WithRow = Pick<PaperComparison, 'row'>;

/** Systems by their names, with benchmarks only where it is not all that the system is compared on; `all` for all of `among`, `all on nq` for all of a benchmark. */
function listed(some: readonly WithRow[], among: readonly WithRow[]): string {
  const labelOf = ({ row }: WithRow): string => row.label;
  const benchmarkOf = ({ row }: WithRow): string => row.benchmark;
  const size = (items: readonly WithRow[]): number =>
    new Set(items.map((item) => `${labelOf(item)}\n${benchmarkOf(item)}`)).size;
  if (size(some) === size(among)) return 'all';
  const benchmarks = [...new Set(some.map(benchmarkOf))];
  const ofBenchmarks = among.filter((item) => benchmarks.includes(benchmarkOf(item)));
  if (size(some) === size(ofBenchmarks)) return `all on ${benchmarks.join(', ')}`;
  return [...groupBy(some, labelOf)]
    .map(([label, items]) => {
      const all = among.filter((item) => labelOf(item) === label);
      return size(items) === size(all) ? label : `${label} on ${[...new Set(items.map(benchmarkOf))].join(', ')}`;
    })
    .join('; ');
}

function unmatchedTable(unmatched: PaperMatch['unmatched'], among: readonly WithRow[]): Block[] {
  if (unmatched.length === 0) return [];
  return [
    {
      kind: 'table',
      name: 'paper-unmatched',
      caption: 'Without a published counterpart',
      columns: [{ label: 'Why' }, { label: 'Of' }],
      rows: [...groupBy(unmatched, ({ reason }) => reason)].map(([reason, rows]) => [
        { text: reason },
        { text: listed(rows, among) },
      ]),
    },
  ];
}

/** What there is to be set against. */
function publishedTable(published: readonly PublishedValue[]): Table {
  const list = (values: readonly (string | number | null)[]): string =>
    [...new Set(values)].filter((value) => value !== null).join(', ') || '–';
  return {
    kind: 'table',
    name: 'paper-published',
    caption: 'Published figures: how many there are of what',
    columns: [
      { label: 'Table' },
      { label: 'Metrics' },
      { label: 'Settings' },
      { label: 'Systems' },
      { label: 'Ratios' },
      ...Object.values(BENCHMARKS).map((label) => ({ label, numeric: true })),
      { label: 'Means and others', numeric: true },
    ],
    rows: [...groupBy(published, ({ table }) => table.id).values()].map((values): Cell[] => {
      const { table } = values[0]!;
      const counts = Object.keys(BENCHMARKS).map((id) => values.filter(({ benchmark }) => benchmark === id).length);
      return [
        { text: `${table.title}: ${table.place}` },
        { text: list(values.map(({ metric }) => metric.name)) },
        { text: list(values.map(({ setting }) => setting)) },
        { text: list(values.map(({ system, variant }) => (variant ? `${system} (${variant})` : system))) },
        { text: list(values.map(({ ratio }) => ratio).sort((one, other) => (one ?? 0) - (other ?? 0))) },
        ...counts.map((count) => numberCell(count, 0)),
        numberCell(values.length - counts.reduce((sum, count) => sum + count, 0), 0),
      ];
    }),
    notes: [...new Map(published.map(({ metric: { name, definition } }) => [`${name}: ${definition}.`, 0])).keys()],
  };
}
