import type { Metric } from './metric.ts';

/**
 * The budget of a document: positions in the prompt that stand for the documents, divided by the documents that the generator was given; over many questions the ratio of the
 * totals. Null where the prediction does not say, or where there were no documents.
 */
export const vectorsPerDocument: Metric = {
  id: 'vectors-per-document',
  description:
    'positions in the prompts of all questions that stand for documents, divided by the documents given to the generator (ratio of totals)',
  unit: 'tokens',
  binary: false,
  score: ({ tokens, selected }) =>
    tokens?.vectors !== undefined && selected && selected.length > 0 ? tokens.vectors / selected.length : null,
  weight: ({ selected }) => selected?.length ?? 0,
};
