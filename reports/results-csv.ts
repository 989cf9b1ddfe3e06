import papaparse from 'papaparse';
import { csvOptions } from './csv-options.ts';
import type { ReportRow } from './report-row.ts';
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
] as const;

/**
 * Every score of every run as CSV, one line a metric, in full precision and in the metric's own unit (shares in [0, 1]). Recorded failures are a line of their own.
 * Text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function resultsCsv(rows: readonly ReportRow[]): string {
  const lines = rows.flatMap(({ manifest, benchmark, scores, measuredRatio }) => {
    const run = [manifest.system.id, benchmark, settingText(manifest), manifest.ratio, measuredRatio, manifest.seed];
    return [
      ...scores.rows.map(({ metric, value, low, high, n }) => [...run, metric, value, low, high, n]),
      [...run, 'failures', scores.failures, null, null, scores.questions],
    ];
  });
  return `${papaparse.unparse({ fields: [...COLUMNS], data: lines }, csvOptions)}\n`;
}
