import type { Metric } from '../../harness/metrics/metric.ts';
import { rowNotes, meanCell, nameCell, scoredCell, shareCell } from '../cells.ts';
import type { Column, Section, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { intervalKind } from '../interval-kind.ts';
import { metricHeading } from '../metric-heading.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { rankRows, withRankNote } from '../rank-rows.ts';
import { countedSeeds, scoreOf, type ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';
import { isRetrievalMetric } from '../retrieval-metric.ts';

/** The answers' quality in every metric: one table a benchmark (and model). */
export function resultsSection(rows: readonly ReportRow[], metrics: readonly Metric[]): Section {
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
      notes: rowNotes(group),
    });
  });
  return {
    heading: 'All metrics by benchmark',
    folded: true,
    blocks: [{ kind: 'paragraph', text: intervalNote(rows, shares) }, ...tables],
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
