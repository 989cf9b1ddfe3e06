import { lookedText, outcomeText } from '../check/outcome-text.ts';
import type { CheckResult } from '../check/findings.ts';
import type { Block } from '../document.ts';

/** What must hold of the runs (`clara-bench check`), what does and what does not. */
export function checksTable(checks: readonly CheckResult[]): Block {
  return {
    kind: 'table',
    name: 'checks',
    caption: 'Checks of the runs',
    columns: [{ label: 'Check' }, { label: 'Outcome' }, { label: 'Looked at' }, { label: 'What must hold' }],
    rows: checks.map((result) => [
      { text: result.check },
      {
        text: result.outcome === 'nothing' ? '–' : outcomeText(result),
        ...(result.outcome === 'failed' && { mark: 'failed' as const }),
      },
      { text: lookedText(result) },
      { text: result.rule },
    ]),
    notes: checks.flatMap(({ check, details, failures, warnings }) => {
      const more = failures + warnings - details.length;
      return [
        ...details.map((text) => `${check}: ${text}`),
        ...(more > 0 ? [`${check}: and ${more.toLocaleString('en-US')} more`] : []),
      ];
    }),
  };
}
