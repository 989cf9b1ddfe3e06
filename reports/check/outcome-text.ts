import type { CheckResult } from './findings.ts';

/** How a check ended, in a word, and of what is wrong how much. */
export function outcomeText({ outcome, failures, warnings }: CheckResult): string {
  if (outcome === 'failed') return `FAILED (${failures.toLocaleString('en-US')})`;
  if (outcome === 'warning') return `warning (${warnings.toLocaleString('en-US')})`;
  return outcome === 'nothing' ? '-' : outcome;
}

/** What a check looked at. */
export function lookedText({ lookedAt }: CheckResult): string {
  const parts = Object.entries(lookedAt).map(([what, amount]) => `${amount.toLocaleString('en-US')} ${what}`);
  return parts.join(', ') || 'nothing';
}
