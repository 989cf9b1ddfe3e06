import { z } from 'zod';
import { expected } from '../harness/expected.ts';

const RATIO = 'a number of at least 1';
const LENGTH = 'a whole number of at least 1';

/** As many tokens for a document as compression at this ratio has vectors (harness/clara/memory-count.ts). To be spread into the strict schema of a system. */
export const budgetSettings = {
  ratio: z.number(expected(RATIO)).min(1, expected(RATIO)),
  /** `fixed`: documentMaxLength / ratio for every document, as CLaRa's code; `proportional`: its own tokens / ratio, as CLaRa's paper. */
  memory: z.enum(['fixed', 'proportional'], expected('fixed or proportional')).default('fixed'),
  /** Tokens of a document that compression reads; the rest is cut off. */
  documentMaxLength: z.int(expected(LENGTH)).min(1, expected(LENGTH)).default(256),
};
