import { goldCount } from './hits.ts';
import type { Metric } from './metric.ts';

/** nDCG@k with gains 0 and 1 and discount log2(rank + 1), divided by that of the best ranking of the same gold passages. Null without a ranking or without gold passages. */
export function ndcgAt(k: number): Metric {
  const discounts = Array.from({ length: k }, (_, rank) => 1 / Math.log2(rank + 2));
  return {
    id: `ndcg@${k}`,
    description: `discounted cumulative gain of the first ${k} of the ranking, divided by the highest possible`,
    unit: 'share',
    binary: false,
    score({ ranking }, { pos_index: gold }) {
      if (!ranking || gold.length === 0) return null;
      const most = goldCount(gold);
      let gain = 0;
      let highest = 0;
      for (let rank = 0; rank < k; rank++) {
        const doc = ranking[rank];
        if (doc !== undefined && gold.includes(doc) && ranking.indexOf(doc) === rank) gain += discounts[rank]!;
        if (rank < most) highest += discounts[rank]!;
      }
      return gain / highest;
    },
  };
}
