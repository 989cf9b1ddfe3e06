import { hitsAt, type WithoutGold } from './hits.ts';
import type { Metric } from './metric.ts';

/** Precision@k: gold passages among the k ranked first, divided by k (also where fewer than k are ranked). Null without a ranking. */
export function precisionAt(k: number, withoutGold: WithoutGold): Metric {
  return {
    id: `precision@${k}`,
    description: `gold passages among the first ${k} of the ranking, divided by ${k}${withoutGold === 'zero' ? '; 0 without gold passages' : ''}`,
    unit: 'share',
    binary: false,
    score({ ranking }, { pos_index: gold }) {
      if (!ranking) return null;
      if (gold.length === 0) return withoutGold === 'zero' ? 0 : null;
      return hitsAt(k, ranking, gold) / k;
    },
  };
}
