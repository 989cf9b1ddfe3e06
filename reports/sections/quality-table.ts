import type { Metric } from '../../harness/metrics/metric.ts';
import { rowNotes, shareCell, withFailures } from '../cells.ts';
import type { Cell, Table } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import type { FoundRuns } from '../find-runs.ts';
import { groupBy } from '../group-by.ts';
import { metricHeading } from '../metric-heading.ts';
import { noFigureCell, noFigureNotes, noRunCell } from '../no-run.ts';
import { rankRows, withRankNote } from '../rank-rows.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { countedSeeds, scoreOf, type ReportRow } from '../report-row.ts';

/** What a table of systems by benchmarks shows. */
export interface QualityTableOf {
  readonly name: string;
  readonly caption: string;
  readonly rows: readonly ReportRow[];
  /** Columns of each benchmark. */
  readonly metrics: readonly Metric[];
  readonly incomplete: FoundRuns['incomplete'];
}

const AMONG = 'rows with the same ratio and documents';

/** Systems with their ratios and documents in rows, benchmarks in columns; the best of those with the same ratio and documents is marked, and what is tied with it. */
export function qualityTable({ name, caption, rows, metrics, incomplete }: QualityTableOf): Table {
  const benchmarks = [...groupBy(rows, ({ benchmark }) => benchmark)];
  const severalModels = new Set(rows.map(({ model }) => model)).size > 1;
  const lines = [...groupBy(rows, ({ label, model }) => JSON.stringify([label, model])).values()];
  const ranks = new Map(metrics.map((metric) => [metric, ranksOf(rows, metric)]));
  const cells = lines.map((line): Cell[] => [
    { text: line[0]!.label },
    ...(severalModels ? [{ text: line[0]!.model }] : []),
    documentsCell(line[0]!),
    ...lineRatios(line),
    ...benchmarks.flatMap(([benchmark, group]) => {
      const row = line.find((row) => row.benchmark === benchmark);
      return metrics.map((metric): Cell => {
        if (!row) return noRunCell(line[0]!, group[0]!, incomplete);
        const score = scoreOf(row, metric.id);
        if (!score) return noFigureCell(row);
        const rank = ranks.get(metric)!.get(row);
        const cell = shareCell(row, metric.id, rank);
        const expected = row.scores.questions * countedSeeds(row);
        return withFailures(
          score.n === expected || row.scores.failures > 0
            ? cell
            : { ...cell, text: `${cell.text}, n\u00a0=\u00a0${score.n}` },
          row,
        );
      });
    }),
  ]);
  return withRankNote(
    {
      kind: 'table',
      name,
      caption,
      columns: [
        { label: 'System' },
        ...(severalModels ? [{ label: 'Model' }] : []),
        { label: 'Documents' },
        ...ratioColumns,
        ...benchmarks.flatMap(([benchmark, [first]]) =>
          metrics.map(({ id }) => ({
            label: `${benchmark}${metrics.length > 1 ? `: ${metricHeading(id)}` : ''}, n\u00a0=\u00a0${first!.scores.questions}`,
            numeric: true,
            benchmark,
          })),
        ),
      ],
      facets: lines.map(([first]) => ({ ...facetsOf(first!), benchmark: undefined })),
      rows: cells,
      notes: [
        ...(rows.some((row) => countedSeeds(row) > 1)
          ? ['n: questions; rows of several training seeds have so many answers of each.']
          : []),
        ...noFigureNotes(cells),
        ...rowNotes(rows),
      ],
    },
    AMONG,
  );
}

/** Which documents a system is given: its setting `docs`. */
function documentsCell(row: ReportRow): Cell {
  const { documents } = facetsOf(row);
  return { text: row.manifest.settings.docs === undefined ? '–' : documents };
}

function ranksOf(rows: readonly ReportRow[], { id, binary }: Metric): ReadonlyMap<ReportRow, 'best' | 'tied'> {
  const groups = groupBy(
    rows.filter(({ manifest }) => manifest.settings.docs !== undefined),
    ({ benchmark, model, manifest }) => JSON.stringify([benchmark, model, manifest.ratio, manifest.settings.docs]),
  );
  return new Map([...groups.values()].flatMap((group) => [...rankRows(group, { id, binary })]));
}

/** Ratios of a system on several benchmarks, whose passages have different lengths: the measured ones from the least to the most. */
function lineRatios(line: readonly ReportRow[]): Cell[] {
  const measured = line.flatMap(({ measuredRatio }) => (measuredRatio === null ? [] : [measuredRatio]));
  const [nominal, only] = ratioCells(line[0]!);
  if (measured.length < 2) return [nominal!, only!];
  const [least, most] = [Math.min(...measured), Math.max(...measured)].map((ratio) => `${ratio.toFixed(2)}×`);
  return [nominal!, { text: least === most ? least! : `${least} to ${most}` }];
}
