import { atlasDials } from '../../datasets/atlas/dials.ts';
import { recallByAttribute } from '../../datasets/atlas/recall-by-attribute.ts';
import type { Metric } from '../../harness/metrics/metric.ts';
import { rowNotes, nameCell, percent, picturesBlock, shareCell } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Cell, Column, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { metricHeading } from '../metric-heading.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { isRetrievalMetric } from '../retrieval-metric.ts';
import { rankRows, withRankNote } from '../rank-rows.ts';
import { scoreOf, type ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';

const CEILING = /^recall-ceiling@/;

/** Recall and its like, for the rows that rank documents, one table of each a benchmark and model, with those that need no model in all of them; undefined where none does. */
export function retrievalSection(
  rows: readonly ReportRow[],
  metrics: readonly Metric[],
  pictures: readonly Picture[],
): Section | undefined {
  const shown = metrics.filter(({ id }) => isRetrievalMetric(id) && rows.some((row) => scoreOf(row, id)));
  const ranking = rows.filter((row) => shown.some(({ id }) => scoreOf(row, id)));
  if (ranking.length === 0) return undefined;
  const measures = shown.filter(({ id }) => !CEILING.test(id));
  const recall = measures.filter(({ id }) => id.startsWith('recall@'));
  const groups = [...groupBy(ranking, ({ benchmark }) => benchmark).values()].flatMap(byModel);
  return {
    heading: 'Reranking',
    blocks: [
      ...picturesBlock(pictures),
      ...groups.flatMap((group): Table[] => {
        const of = `${group[0]!.benchmark}, ${group.at(-1)!.model}`;
        const notes = rowNotes(group);
        const others = measures.filter((metric) => !recall.includes(metric));
        return [
          withRankNote({
            ...table(
              'recall',
              `${of}: recall, share of the gold passages among the first k of the ranking`,
              group,
              recall,
            ),
            notes: [
              ...(byAttribute(group[0]!, 'recall@1') === undefined
                ? []
                : [
                    'Attribute alone: what a ranking by whether passages state the asked attribute, whatever the name, is expected to reach; the system atlas-attribute does it.',
                  ]),
              'Highest possible: min(1, k / number of gold passages), mean over the same questions. Systems that only rank have no answers and stand in no table of answers.',
              ...notes,
            ],
          }),
          ...(others.length > 0
            ? [withRankNote({ ...table('rankings', `${of}: further measures of rankings`, group, others), notes })]
            : []),
        ];
      }),
    ],
  };
}

/** The rows of a benchmark by their model; what needs none stands beside each. */
function byModel(rows: readonly ReportRow[]): ReportRow[][] {
  const free = rows.filter(({ manifest }) => manifest.model === null);
  const groups = groupBy(
    rows.filter((row) => !free.includes(row)),
    ({ model }) => model,
  );
  return groups.size > 0 ? [...groups.values()].map((group) => [...free, ...group]) : [free];
}

function table(name: string, caption: string, rows: readonly ReportRow[], measures: readonly Metric[]): Table {
  const ids = measures.map(({ id }) => id);
  const ranks = new Map(measures.map((metric) => [metric.id, rankRows(rows, metric)]));
  const ceilings = ids.map((id) => ceilingOf(rows, id));
  const shortcut = ids.map((id) => byAttribute(rows[0]!, id));
  const references = [
    { label: 'Attribute alone, expected', values: shortcut },
    { label: 'Highest possible', values: ceilings },
  ].filter(({ values }) => values.some((value) => value !== undefined));
  return {
    kind: 'table',
    name: tableName(name, rows[0]!.benchmark, rows.at(-1)!.model),
    caption,
    columns: [
      { label: 'Ranked by' },
      ...ratioColumns,
      { label: 'n', numeric: true },
      ...ids.map((id): Column => ({ label: `${metricHeading(id)}, %`, numeric: true })),
    ],
    facets: [...rows.map(facetsOf), ...references.map(() => ({ benchmark: rows[0]!.benchmark }))],
    rows: [
      ...rows.map((row) => [
        nameCell(row),
        ...ratioCells(row),
        { text: String(Math.max(...ids.map((id) => scoreOf(row, id)?.n ?? 0))) },
        ...ids.map((id) => shareCell(row, id, ranks.get(id)!.get(row))),
      ]),
      ...references.map(({ label, values }): Cell[] => [
        { text: label },
        { text: '–' },
        { text: '–' },
        { text: '–' },
        ...values.map((value) => ({ text: value === undefined ? '–' : percent(value) })),
      ]),
    ],
  };
}

/** Of the generated benchmark, the recall to expect of a ranking by the asked attribute alone. */
function byAttribute({ manifest }: ReportRow, id: string): number | undefined {
  const k = /^recall@(\d+)$/.exec(id)?.[1];
  const dials = atlasDials.safeParse(manifest.benchmark.dials).data;
  return k && dials ? (recallByAttribute(dials, Number(k)) ?? undefined) : undefined;
}

/** The ceiling beside a recall, of the row with the most questions: failures take questions away. */
function ceilingOf(rows: readonly ReportRow[], id: string): number | undefined {
  const scores = rows.flatMap((row) => scoreOf(row, id.replace(/^recall@/, 'recall-ceiling@')) ?? []);
  if (!id.startsWith('recall@') || scores.length === 0) return undefined;
  return scores.reduce((most, score) => (score.n > most.n ? score : most)).value;
}
