import { alignTable } from '../../harness/align-table.ts';
import { printable } from '../../harness/printable.ts';
import type { Checked } from './check-runs.ts';
import type { CheckResult } from './findings.ts';
import { lookedText, outcomeText } from './outcome-text.ts';

/** The checks as text for a terminal: one row a check, then what was found. */
export function checkTable({ runs, incomplete, results }: Checked): string {
  const head = ['check', 'outcome', 'looked at', 'what must hold'];
  const body = results.map((result) => [result.check, outcomeText(result), lookedText(result), result.rule]);
  const lines = [
    `${runs.length} finished runs${incomplete.length > 0 ? `, ${incomplete.length} not finished and not looked at` : ''}`,
    '',
    ...alignTable([head, ...body], [0, 1, 2, 3]),
    ...results.flatMap(detailLines),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function detailLines({ check, failures, warnings, details }: CheckResult): string[] {
  if (details.length === 0) return [];
  const more = failures + warnings - details.length;
  return [
    '',
    `${check}:`,
    ...details.flatMap((text) => text.split('\n')).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en-US')} more`] : []),
  ];
}
