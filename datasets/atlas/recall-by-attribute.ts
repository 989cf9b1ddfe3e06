import type { AtlasDials } from './dials.ts';

/**
 * The expected recall@k of a ranking that puts the passages with the asked attribute first, in a drawn order, whatever their names: what a shortcut gets that never binds a fact to
 * its entity. Of `documents` passages `gold` state it (1; 2 for comparisons), and of the others each with the probability `shared`, so M of them with M binomial:
 * E[min(1, k / (gold + M))]. With one gold passage and k = 1 it is also the exact match that such a reader reaches. Null for two hops, where others state the attribute by chance too.
 */
export function recallByAttribute(
  { documents, shared, hops, comparison }: Pick<AtlasDials, 'documents' | 'shared' | 'hops' | 'comparison'>,
  k: number,
): number | null {
  if (hops === 2) return null;
  const single = comparison < 1 ? (1 - comparison) * expectation(1) : 0;
  return single + (comparison > 0 ? comparison * expectation(2) : 0);

  function expectation(gold: number): number {
    const others = documents - gold;
    let sum = 0;
    let ways = 1;
    for (let stating = 0; stating <= others; stating++) {
      sum += ways * shared ** stating * (1 - shared) ** (others - stating) * Math.min(1, k / (gold + stating));
      ways = (ways * (others - stating)) / (stating + 1);
    }
    return sum;
  }
}
