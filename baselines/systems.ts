import type { System } from '../harness/system.ts';
import { noContext } from './no-context.ts';
import { bm25 } from './rankers/bm25.ts';
import { random } from './rankers/random.ts';
import { text } from './text.ts';
import { textBudget } from './text-budget.ts';

/** Every competitor that ships with the project, in the order in which reports list them. */
export const systems: readonly System[] = [noContext, text, textBudget, random, bm25];
