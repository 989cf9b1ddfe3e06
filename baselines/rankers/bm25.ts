import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { Example } from '../../datasets/example.ts';
import { expected } from '../../harness/expected.ts';
import { documentText } from '../../harness/prompt.ts';
import { checkSettings } from '../settings.ts';
import { bm25Scores, DocumentFrequencies } from './bm25-scores.ts';
import { rankByScore } from './rank-by-score.ts';
import { rankingSystem } from './ranking-system.ts';

const COLLECTIONS = ['question', 'job'] as const;
const parameter = (what: string, most: number, value: number) =>
  z.number(expected(what)).min(0, expected(what)).max(most, expected(what)).default(value);
const schema = z.strictObject({
  /** Where idf and the mean length come from: the question's own candidates, or all different candidates of the job's questions. */
  idf: z.enum(COLLECTIONS, expected(COLLECTIONS.join(' or '))).default('question'),
  k1: parameter('a number from 0 to 10', 10, 1.2),
  b: parameter('a number from 0 to 1', 1, 0.75),
});

/** Words in common: Okapi BM25 over a question's candidates (`title: text`), without a model. Lucene's defaults; nothing is stemmed. */
export const bm25 = rankingSystem<DocumentFrequencies | null>({
  id: 'bm25',
  description: 'ranks the documents by BM25 (idf: question or job, k1, b)',
  settings,
  prepare: async (examples, context) =>
    settings(context.settings).idf === 'job'
      ? new DocumentFrequencies(new Set(examples.flatMap(({ docs }) => docs.map(documentText))))
      : null,
  async rank(examples, context, collection) {
    const parameters = settings(context.settings);
    return examples.map((example) => {
      const started = performance.now();
      const ranking = bm25Ranking(example, parameters, collection);
      return { ranking, ms: performance.now() - started };
    });
  },
});

/** The candidates by BM25, best first; idf over the question's own candidates where no collection is given. */
export function bm25Ranking(
  { question, docs }: Pick<Example, 'question' | 'docs'>,
  parameters = settings({}),
  collection?: DocumentFrequencies | null,
): number[] {
  const texts = docs.map(documentText);
  return rankByScore(bm25Scores(question, texts, collection ?? new DocumentFrequencies(texts), parameters));
}

function settings(given: Readonly<Record<string, unknown>>) {
  return checkSettings('bm25', schema, given);
}
