import { printable } from '../harness/printable.ts';
import { percent } from './cells.ts';
import { scoreOf, type ReportRow } from './report-row.ts';

/** Cover exact match by either definition, the one that is shown before the other. */
const COVERS = [
  { id: 'cover-exact-match-substring', means: 'the gold answer stands in the reply' },
  { id: 'cover-exact-match-bag', means: "the gold answer's words stand in the reply" },
] as const;

/**
 * The results in a few lines for a terminal: exact match, cover exact match (as a substring where the preset has both) and F1 in percent, intervals, nominal and measured ratio
 * and milliseconds a question.
 */
export function textTable(rows: readonly ReportRow[]): string {
  const severalModels = new Set(rows.map(({ model }) => model)).size > 1;
  const cover = COVERS.find(({ id }) => rows.some((row) => scoreOf(row, id)));
  const head = [
    'benchmark',
    ...(severalModels ? ['model'] : []),
    'system',
    'n',
    ...['EM %', 'interval'],
    ...(cover ? ['cover EM %', 'interval'] : []),
    ...['F1 %', 'ratio', 'measured', 'ms'],
  ];
  const body = rows.map((row) => {
    const ms = scoreOf(row, 'ms-total');
    return [
      row.benchmark,
      ...(severalModels ? [row.model] : []),
      row.label,
      `${row.scores.scored}${row.scores.failures > 0 ? ' †' : ''}`,
      ...withInterval(row, 'exact-match'),
      ...(cover ? withInterval(row, cover.id) : []),
      withInterval(row, 'f1')[0],
      row.manifest.ratio === null ? '-' : String(row.manifest.ratio),
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
  lines.push(
    `EM: exact match${cover ? `; cover EM: ${cover.means}` : ''}. 95 % intervals. ratio: nominal, then as measured. ms: a question's time.`,
  );
  const failures = rows.reduce((sum, { scores }) => sum + scores.failures, 0);
  if (failures > 0) lines.push(`† ${failures} questions failed and are not scored; see the report.`);
  return `${lines.join('\n')}\n`;
}

/** A share in percent, and its interval. */
function withInterval(row: ReportRow, metric: string): [string, string] {
  const score = scoreOf(row, metric);
  if (!score) return ['-', '-'];
  const { value, low, high } = score;
  return [percent(value), low === null || high === null ? '-' : `${percent(low)} to ${percent(high)}`];
}
