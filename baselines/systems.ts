import { clara, queryReasonerRanker } from '../harness/clara/clara.ts';
import type { System } from '../harness/system.ts';
import { icae } from './icae.ts';
import { meanPool } from './mean-pool.ts';
import { llmlingua2 } from './llmlingua-2.ts';
import { noContext } from './no-context.ts';
import { noContextLora } from './no-context-lora.ts';
import { pisco } from './pisco.ts';
import { atlasAttribute } from './rankers/atlas-attribute.ts';
import { bm25 } from './rankers/bm25.ts';
import { crossEncoder } from './rankers/cross-encoder.ts';
import { dense } from './rankers/dense.ts';
import { queryLikelihood } from './rankers/query-likelihood.ts';
import { random } from './rankers/random.ts';
import { selectiveContext } from './selective-context.ts';
import { text } from './text.ts';
import { textBudget } from './text-budget.ts';
import { textBudgetLora } from './text-budget-lora.ts';
import { textFull } from './text-full.ts';
import { textLora } from './text-lora.ts';
import { xrag } from './xrag.ts';

/** Every competitor that ships with the project, in the order in which reports list them. */
export const systems: readonly System[] = [
  noContext,
  text,
  textBudget,
  selectiveContext,
  llmlingua2,
  noContextLora,
  textLora,
  textFull,
  textBudgetLora,
  clara,
  meanPool,
  pisco,
  xrag,
  icae,
  random,
  atlasAttribute,
  bm25,
  dense,
  queryLikelihood,
  crossEncoder,
  queryReasonerRanker,
];
