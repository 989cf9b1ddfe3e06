import { z } from 'zod';
import { expected } from '../harness/expected.ts';

const RATIO = 'a number of at least 1';
const LENGTH = 'a whole number of at least 1';

/** How many tokens stand for a document: as many as compression at this ratio has vectors. To be spread into the strict schema of a system. */
export const budgetSettings = {
  ratio: z.number(expected(RATIO)).min(1, expected(RATIO)),
  /** `fixed`: documentMaxLength / ratio for every document, as CLaRa's code; `proportional`: its own tokens / ratio, as CLaRa's paper. */
  memory: z.enum(['fixed', 'proportional'], expected('fixed or proportional')).default('fixed'),
  /** Tokens of a document that compression reads; the rest is cut off. */
  documentMaxLength: z.int(expected(LENGTH)).min(1, expected(LENGTH)).default(256),
};

/** A budget in tokens a document. */
export type DocumentBudget = z.output<z.ZodObject<typeof budgetSettings>>;

/** Tokens that a document of so many tokens may keep: floor(documentMaxLength / ratio), or ceil(min(tokens, documentMaxLength) / ratio); at least one. */
export function budgetOf(tokens: number, { ratio, memory, documentMaxLength }: DocumentBudget): number {
  if (memory === 'fixed') return Math.max(1, Math.floor(documentMaxLength / ratio));
  return Math.max(1, Math.ceil(Math.min(tokens, documentMaxLength) / ratio));
}
