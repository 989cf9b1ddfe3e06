import { goldCount } from './hits.ts';
import type { Metric } from './metric.ts';

/** The highest recall@k that any ranking of this question can have: min(1, k / number of gold passages). Given for the questions that recall@k is given for. */
export function recallCeilingAt(k: number): Metric {
  return {
    id: `recall-ceiling@${k}`,
    description: `highest recall@${k} possible: min(1, ${k} / number of gold passages)`,
    unit: 'share',
    binary: false,
    score: ({ ranking }, { pos_index: gold }) => (ranking && gold.length > 0 ? Math.min(1, k / goldCount(gold)) : null),
  };
}
