import type { Metric } from '../../harness/metrics/metric.ts';
import {
  failureNotes,
  meanCell,
  nameCell,
  picturesBlock,
  ratioCell,
  scoredCell,
  shareCell,
  withFailures,
} from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Block, Column, Section, Table } from '../document.ts';
import { groupBy } from '../group-by.ts';
import { scoreOf, type ReportRow } from '../report-row.ts';

const RETRIEVAL = /^(recall|recall-ceiling|precision|ndcg)@|^mrr$/;

/** Exact match of every system on every benchmark in one table, and its picture. */
export function overviewSection(rows: readonly ReportRow[], pictures: readonly Picture[]): Section {
  const benchmarks = [...groupBy(rows, ({ benchmark }) => benchmark)];
  const severalModels = new Set(rows.map(({ model }) => model)).size > 1;
  const lines = [...groupBy(rows, ({ label, model }) => JSON.stringify([label, model])).values()];
  const table: Table = {
    kind: 'table',
    caption: 'Exact match, % of questions [95 % Wilson score interval]',
    columns: [
      { label: 'System' },
      ...(severalModels ? [{ label: 'Model' }] : []),
      ...benchmarks.map(([benchmark, [first]]) => ({
        label: `${benchmark}, n\u00a0=\u00a0${first!.scores.questions}`,
        numeric: true,
      })),
    ],
    rows: lines.map((line) => [
      { text: line[0]!.label },
      ...(severalModels ? [{ text: line[0]!.model }] : []),
      ...benchmarks.map(([benchmark]) => {
        const row = line.find((row) => row.benchmark === benchmark);
        return row ? withFailures(shareCell(row, 'exact-match'), row) : { text: '–' };
      }),
    ]),
    notes: failureNotes(rows),
  };
  return { heading: 'At a glance', blocks: [table, ...picturesBlock(pictures)] };
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
    return {
      kind: 'table',
      caption: `${benchmark}, ${scores.questions} questions, ${model}`,
      columns: [
        { label: 'System' },
        { label: 'n', numeric: true },
        ...shares.map(({ id }): Column => ({ label: `${heading(id)}, %`, numeric: true })),
        { label: 'Words an answer', numeric: true },
        { label: 'Measured ratio', numeric: true },
      ],
      rows: group.map((row) => [
        nameCell(row),
        scoredCell(row),
        ...shares.map(({ id }) => shareCell(row, id)),
        meanCell(row, 'output-words', 1),
        ratioCell(row.measuredRatio),
      ]),
      notes: failureNotes(group),
    };
  });
  return {
    heading: 'Results by benchmark',
    blocks: [...picturesBlock(pictures), { kind: 'paragraph', text: intervalNote(shares) }, ...tables],
  };
}

/** Recall and its like, for the rows that rank documents; undefined where none does. */
export function retrievalSection(rows: readonly ReportRow[], metrics: readonly Metric[]): Section | undefined {
  const shown = metrics.filter(({ id }) => RETRIEVAL.test(id) && rows.some((row) => scoreOf(row, id)));
  const ranking = rows.filter((row) => shown.some(({ id }) => scoreOf(row, id)));
  if (shown.length === 0) return undefined;
  const table: Block = {
    kind: 'table',
    caption: 'Retrieval: gold passages among the first k of the ranking',
    columns: [
      { label: 'System' },
      { label: 'Benchmark' },
      { label: 'n', numeric: true },
      ...shown.map(({ id }): Column => ({ label: `${heading(id)}, %`, numeric: true })),
    ],
    rows: ranking.map((row) => [
      nameCell(row),
      { text: row.benchmark },
      { text: String(Math.max(...shown.map(({ id }) => scoreOf(row, id)?.n ?? 0))) },
      ...shown.map(({ id }) => shareCell(row, id)),
    ]),
    notes: failureNotes(ranking),
  };
  return { heading: 'Retrieval', blocks: [table] };
}

/** The metrics of answers that are shares, in the preset's order. */
function answerShares(rows: readonly ReportRow[], metrics: readonly Metric[]): Metric[] {
  return metrics.filter(
    ({ id, unit }) => unit === 'share' && !RETRIEVAL.test(id) && rows.some((row) => scoreOf(row, id)),
  );
}

/** Names which kind of interval stands in the brackets of which metric. */
function intervalNote(shares: readonly Metric[]): string {
  const names = (binary: boolean): string =>
    shares
      .filter((metric) => metric.binary === binary)
      .map(({ id }) => heading(id))
      .join(', ');
  const kinds = [
    ['Wilson score intervals', names(true)],
    ['Student’s t intervals', names(false)],
  ].filter(([, metrics]) => metrics);
  return `In brackets: 95 % intervals (${kinds.map(([kind, metrics]) => `${kind} for ${metrics}`).join('; ')}). n: questions scored.`;
}

/** A metric's id as a heading: `exact-match` becomes `Exact match`, `cover-exact-match-bag` becomes `Cover exact match (bag)`, `ndcg@5` becomes `nDCG@5`. */
function heading(id: string): string {
  if (/^(f1|mrr)$/.test(id)) return id.toUpperCase();
  if (id.startsWith('ndcg')) return id.replace('ndcg', 'nDCG');
  const words = id.replace(/^(cover-exact-match)-(.+)$/, '$1 ($2)').replace(/-/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
