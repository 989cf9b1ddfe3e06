import { goldCount, hitsAt, type WithoutGold } from './hits.ts';
import type { Metric } from './metric.ts';

/** Recall@k: the share of a question's gold passages that are among the k ranked first. Null without a ranking. */
export function recallAt(k: number, withoutGold: WithoutGold): Metric {
  return {
    id: `recall@${k}`,
    description: `share of the gold passages among the first ${k} of the ranking${withoutGold === 'zero' ? '; 0 without gold passages' : ''}`,
    unit: 'share',
    binary: false,
    score({ ranking }, { pos_index: gold }) {
      if (!ranking) return null;
      if (gold.length === 0) return withoutGold === 'zero' ? 0 : null;
      return hitsAt(k, ranking, gold) / goldCount(gold);
    },
  };
}
