import type { Metric } from './metric.ts';

/**
 * Measured compression ratio: source tokens divided by the vectors that stand for them. Over many questions it is the ratio of the totals, that is the mean
 * weighted by vectors, as what compression saves is the total: memory and time follow the sum of the vectors. The plain mean of ratios would let
 * one question with a short prompt and few vectors count as much as a long one, and is always at least as high where ratios differ by length alone.
 * Null where nothing stands for documents (no documents, or not said).
 */
export const compressionRatio: Metric = {
  id: 'compression-ratio',
  description: 'source tokens of all questions divided by the vectors that stand for them (ratio of totals)',
  unit: 'x',
  binary: false,
  score: ({ tokens }) => (tokens?.source !== undefined && tokens.vectors ? tokens.source / tokens.vectors : null),
  weight: ({ tokens }) => tokens?.vectors ?? 0,
};
