import type { AtlasDials } from './dials.ts';
import { pools } from './pools.ts';

/**
 * The expected exact match of the best answer that reads no passage, by construction: values are drawn uniformly whatever the question, so one of 24 is right (2^-1 for yes and no, which are equally
 * frequent). Whoever reads the passages and ignores names gets more: compare with 1 / the number of passages that state the asked attribute.
 */
export function chanceWithoutDocuments({ comparison }: Pick<AtlasDials, 'comparison'>): number {
  return comparison / 2 + (1 - comparison) / pools.animal.length;
}
