import { performance } from 'node:perf_hooks';
import type { Example } from '../../datasets/example.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import type { LoraAdapter } from '../../harness/language-model/lora.ts';
import { questionAfterDocument } from './question-after-document.ts';
import { rankByScore } from './rank-by-score.ts';
import type { Ranking } from './ranker.ts';

/** Rankings by the likelihood of the question after each document, under the model or an adapter of it. */
export async function rankByLikelihood(
  examples: readonly Example[],
  model: LanguageModel,
  documentTokens: number,
  adapter?: LoraAdapter,
): Promise<Ranking[]> {
  // Brings the engine in, which a plan does without.
  const { questionLikelihoods } = await import('./question-likelihoods.ts');
  const started = performance.now();
  const sequences = examples.flatMap(({ question, docs }) =>
    docs.map((document) => questionAfterDocument(question, document, model, documentTokens)),
  );
  const scores = questionLikelihoods(model, sequences, adapter);
  const ms = (performance.now() - started) / examples.length;
  let from = 0;
  return examples.map(({ docs }) => ({ ranking: rankByScore(scores.slice(from, (from += docs.length))), ms }));
}
