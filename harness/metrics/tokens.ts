import type { Prediction } from '../prediction.ts';
import type { Metric } from './metric.ts';

type Part = keyof NonNullable<Prediction['tokens']>;

const DESCRIPTION: Record<Part, string> = {
  source: 'tokens of the selected documents as text',
  vectors: 'positions in the prompt that stand for the documents: memory vectors, or the text’s own tokens',
  prompt: 'tokens of the whole prompt',
  output: 'tokens generated, with the end token',
  truncated: 'tokens of the documents that were cut off',
};

/** Tokens of one part of a question's work. Null where the prediction does not say. */
export function tokens(part: Part): Metric {
  return {
    id: `tokens-${part}`,
    description: DESCRIPTION[part],
    unit: 'tokens',
    binary: false,
    score: (prediction) => prediction.tokens?.[part] ?? null,
  };
}
