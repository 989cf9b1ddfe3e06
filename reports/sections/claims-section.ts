import { refusedText } from '../claims/claims-text.ts';
import type { JudgedClaim } from '../claims/judge-claims.ts';
import type { Block, Section } from '../document.ts';

/** What a report says in sentences: claims that were written down beforehand, each recomputed from the stored predictions. Undefined without claims. */
export function claimsSection(judged: readonly JudgedClaim[]): Section | undefined {
  if (judged.length === 0) return undefined;
  const list = (term: string, items: readonly string[]): Block[] =>
    items.length === 0 ? [] : [{ kind: 'list', items: items.map((text) => ({ term, text })) }];
  const [held, refused] = [judged.filter((one) => one.held), judged.filter((one) => !one.held)];
  return {
    heading: 'Claims',
    blocks: [
      {
        kind: 'paragraph',
        text: `${held.length} of ${judged.length} claims hold. Each names two configurations and a metric, and was recomputed from the stored predictions: it holds where p, corrected by Holm’s method over the claims that could be computed, is under 0.05 and the whole 95 % interval of the paired difference lies on the claimed side. The others are refused, with the reason.`,
      },
      ...list(
        'Holds',
        held.map(({ statement, numbers }) => `${statement}: ${numbers}.`),
      ),
      ...list(
        'Refused',
        refused.map((one) => `${refusedText(one)}.`),
      ),
    ],
  };
}
