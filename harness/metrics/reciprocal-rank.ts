import type { Metric } from './metric.ts';

/** Reciprocal rank of the first gold passage, 0 where none is ranked; its mean is MRR. Null without a ranking or without gold passages. */
export const reciprocalRank: Metric = {
  id: 'mrr',
  description: 'one divided by the rank of the first gold passage; 0 where none is ranked',
  unit: 'share',
  binary: false,
  score({ ranking }, { pos_index: gold }) {
    if (!ranking || gold.length === 0) return null;
    const rank = ranking.findIndex((doc) => gold.includes(doc));
    return rank < 0 ? 0 : 1 / (rank + 1);
  },
};
