import papaparse from 'papaparse';
import { csvOptions } from './csv-options.ts';
import type { ReportRow, ScoredRun } from './report-row.ts';
import { settingText } from './run-names.ts';

const COLUMNS = [
  'system',
  'benchmark',
  'setting',
  'ratio',
  'measured_ratio',
  'seed',
  'metric',
  'value',
  'low',
  'high',
  'n',
  'sd_over_seeds',
] as const;

/**
 * Every score of every run as CSV, one line a metric, in full precision and in the metric's own unit (shares in [0, 1]). Recorded failures are a line of their own. A row of several
 * training seeds stands behind its single runs, with `all` as its seed.
 * Text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function resultsCsv(rows: readonly ReportRow[]): string {
  const lines = rows.flatMap((row) => [
    ...row.seeds.flatMap((run) => linesOf(run, run.manifest.seed)),
    ...(row.seeds.length > 1 ? linesOf(row, 'all') : []),
  ]);
  return `${papaparse.unparse({ fields: [...COLUMNS], data: lines }, csvOptions)}\n`;
}

function linesOf(row: ReportRow | ScoredRun, seed: number | 'all'): unknown[][] {
  const { manifest, benchmark, measuredRatio, scores } = row;
  const run = [manifest.system.id, benchmark, settingText(manifest), manifest.ratio, measuredRatio, seed];
  return [
    ...scores.rows.map((score) => [
      ...[...run, score.metric, score.value, score.low, score.high, score.n],
      'deviation' in score ? score.deviation : null,
    ]),
    [...run, 'failures', scores.failures, null, null, scores.questions, null],
  ];
}
