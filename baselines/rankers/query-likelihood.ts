import { z } from 'zod';
import { checkSettings } from '../settings.ts';
import { documentTokensSetting } from './document-tokens.ts';
import { rankByLikelihood } from './rank-by-likelihood.ts';
import { rankingSystem } from './ranking-system.ts';

const schema = z.strictObject({ documentTokens: documentTokensSetting });

/**
 * The backbone as it is: a document is as good as the question is likely after it (Sachan et al., 2022, Improving Passage Retrieval with Zero-Shot Question Generation,
 * arXiv 2204.07496). Different here: the model's own chat template goes around the passage and the instruction, and the log-likelihood is the sum over the question's tokens
 * instead of their mean, which gives the same order.
 */
export const queryLikelihood = rankingSystem({
  id: 'query-likelihood',
  description: 'ranks the documents by the likelihood of the question after each, zero-shot',
  settings,
  rank: async (examples, context) =>
    rankByLikelihood(examples, await context.model(), settings(context.settings).documentTokens),
});

function settings(given: Readonly<Record<string, unknown>>) {
  return checkSettings('query-likelihood', schema, given);
}
