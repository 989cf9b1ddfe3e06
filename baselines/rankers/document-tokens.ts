import { z } from 'zod';
import { expected } from '../../harness/expected.ts';

const LIMIT = 'a whole number of at least 1';

/** Tokens of a document that a ranker reads at most, from its beginning. */
export const documentTokensSetting = z.int(expected(LIMIT)).min(1, expected(LIMIT)).default(512);
