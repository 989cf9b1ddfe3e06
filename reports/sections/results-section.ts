import type { Metric } from '../../harness/metrics/metric.ts';
import { failureNotes, meanCell, nameCell, picturesBlock, scoredCell, shareCell, withFailures } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Cell, Column, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { intervalKind } from '../interval-kind.ts';
import { metricHeading } from '../metric-heading.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { rankRows, withRankNote } from '../rank-rows.ts';
import { countedSeeds, scoreOf, type ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';
import { isRetrievalMetric } from './retrieval-section.ts';

/** Exact match of every system on every benchmark in one table, and its picture. */
export function overviewSection(rows: readonly ReportRow[], pictures: readonly Picture[]): Section {
  const benchmarks = [...groupBy(rows, ({ benchmark }) => benchmark)];
  const severalModels = new Set(rows.map(({ model }) => model)).size > 1;
  const lines = [...groupBy(rows, ({ label, model }) => JSON.stringify([label, model])).values()];
  const table: Table = {
    kind: 'table',
    name: 'overview',
    caption: `Exact match, % of questions [95 % interval: ${intervalKind(rows, 'Wilson score')}]`,
    columns: [
      { label: 'System' },
      ...(severalModels ? [{ label: 'Model' }] : []),
      ...ratioColumns,
      ...benchmarks.map(([benchmark, [first]]) => ({
        label: `${benchmark}, n\u00a0=\u00a0${first!.scores.questions}`,
        numeric: true,
        benchmark,
      })),
    ],
    facets: lines.map(([first]) => ({ ...facetsOf(first!), benchmark: undefined })),
    rows: lines.map((line) => [
      { text: line[0]!.label },
      ...(severalModels ? [{ text: line[0]!.model }] : []),
      ...lineRatios(line),
      ...benchmarks.map(([benchmark]) => {
        const row = line.find((row) => row.benchmark === benchmark);
        return row ? withFailures(shareCell(row, 'exact-match'), row) : { text: '–' };
      }),
    ]),
    notes: failureNotes(rows),
  };
  return { heading: 'At a glance', blocks: [table, ...picturesBlock(pictures)] };
}

/** Ratios of a system on several benchmarks, whose passages have different lengths: the measured ones from the least to the most. */
function lineRatios(line: readonly ReportRow[]): Cell[] {
  const measured = line.flatMap(({ measuredRatio }) => (measuredRatio === null ? [] : [measuredRatio]));
  const [nominal, only] = ratioCells(line[0]!);
  if (measured.length < 2) return [nominal!, only!];
  const [least, most] = [Math.min(...measured), Math.max(...measured)].map((ratio) => `${ratio.toFixed(2)}×`);
  return [nominal!, { text: least === most ? least! : `${least} to ${most}` }];
}

/** The answers' quality in every metric: pictures against compression, then one table a benchmark (and model). */
export function resultsSection(
  rows: readonly ReportRow[],
  metrics: readonly Metric[],
  pictures: readonly Picture[],
): Section {
  const shares = answerShares(rows, metrics);
  const groups = groupBy(rows, ({ benchmark, model }) => JSON.stringify([benchmark, model]));
  const tables = [...groups.values()].map((group): Table => {
    const { benchmark, model, scores } = group[0]!;
    const ranks = new Map(shares.map((metric) => [metric.id, rankRows(group, metric)]));
    return withRankNote({
      kind: 'table',
      name: tableName('results', benchmark, model),
      caption: `${benchmark}, ${scores.questions} questions, ${model}`,
      columns: [
        { label: 'System' },
        { label: 'n', numeric: true },
        ...shares.map(({ id }): Column => ({ label: `${metricHeading(id)}, %`, numeric: true })),
        { label: 'Words an answer', numeric: true },
        ...ratioColumns,
      ],
      facets: group.map(facetsOf),
      rows: group.map((row) => [
        nameCell(row),
        scoredCell(row),
        ...shares.map(({ id }) => shareCell(row, id, ranks.get(id)!.get(row))),
        meanCell(row, 'output-words', 1),
        ...ratioCells(row),
      ]),
      notes: failureNotes(group),
    });
  });
  return {
    heading: 'Results by benchmark',
    blocks: [...picturesBlock(pictures), { kind: 'paragraph', text: intervalNote(rows, shares) }, ...tables],
  };
}

/** The metrics of answers that are shares, in the preset's order. */
function answerShares(rows: readonly ReportRow[], metrics: readonly Metric[]): Metric[] {
  return metrics.filter(
    ({ id, unit }) => unit === 'share' && !isRetrievalMetric(id) && rows.some((row) => scoreOf(row, id)),
  );
}

/** Names which kind of interval stands in the brackets of which metric. */
function intervalNote(rows: readonly ReportRow[], shares: readonly Metric[]): string {
  const names = (binary: boolean): string =>
    shares
      .filter((metric) => metric.binary === binary)
      .map(({ id }) => metricHeading(id))
      .join(', ');
  const kinds = [
    ['Wilson score', names(true)],
    ['Student’s t', names(false)],
  ].filter(([, metrics]) => metrics);
  const ofOne = kinds.map(([kind, metrics]) => `${kind} for ${metrics}`).join('; ');
  const severalSeeds = rows.some((row) => countedSeeds(row) > 1);
  return `In brackets: 95 % intervals (${intervalKind(rows, ofOne)}). n: questions scored${severalSeeds ? ' × training seeds' : ''}.`;
}
