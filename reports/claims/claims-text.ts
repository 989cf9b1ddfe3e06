import { printable } from '../../harness/printable.ts';
import type { JudgedClaim } from './judge-claims.ts';

/** Judged claims as text for a terminal: those that hold as sentences with their numbers, then those that are refused, with the reason. */
export function claimsText(judged: readonly JudgedClaim[]): string {
  const [held, refused] = [judged.filter((one) => one.held), judged.filter((one) => !one.held)];
  const lines = [
    `claims: ${held.length} of ${judged.length} hold`,
    ...held.map(({ statement, numbers }) => `  ok       ${statement}: ${numbers}`),
    ...refused.map((one) => `  refused  ${refusedText(one)}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** A refused claim with its reason, and its numbers where there are any. */
export function refusedText({ statement, reason, numbers }: JudgedClaim): string {
  return `${statement}: ${reason}${numbers === null ? '' : ` (${numbers})`}`;
}
