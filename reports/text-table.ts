import { printable } from '../harness/printable.ts';
import { percent } from './cells.ts';
import { scoreOf, type ReportRow } from './report-row.ts';

/** The results in a few lines for a terminal: exact match and F1 in percent with the interval of exact match, measured ratio and milliseconds a question. */
export function textTable(rows: readonly ReportRow[]): string {
  const severalModels = new Set(rows.map(({ model }) => model)).size > 1;
  const head = [
    'benchmark',
    ...(severalModels ? ['model'] : []),
    'system',
    'n',
    'exact match %',
    '95 % interval',
    'F1 %',
    'ratio',
    'ms',
  ];
  const body = rows.map((row) => {
    const exactMatch = scoreOf(row, 'exact-match');
    const f1 = scoreOf(row, 'f1');
    const ms = scoreOf(row, 'ms-total');
    return [
      row.benchmark,
      ...(severalModels ? [row.model] : []),
      row.label,
      `${row.scores.scored}${row.scores.failures > 0 ? ' †' : ''}`,
      exactMatch ? percent(exactMatch.value) : '-',
      !exactMatch || exactMatch.low === null || exactMatch.high === null
        ? '-'
        : `${percent(exactMatch.low)} to ${percent(exactMatch.high)}`,
      f1 ? percent(f1.value) : '-',
      row.measuredRatio === null ? '-' : row.measuredRatio.toFixed(2),
      ms ? ms.value.toFixed(0) : '-',
    ];
  });
  const texts = severalModels ? 3 : 2;
  const table = [head, ...body].map((line) => line.map(printable));
  const widths = head.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const lines = table.map((line) =>
    line
      .map((cell, at) => (at < texts ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  const failures = rows.reduce((sum, { scores }) => sum + scores.failures, 0);
  if (failures > 0) lines.push(`† ${failures} questions failed and are not scored; see the report.`);
  return `${lines.join('\n')}\n`;
}
