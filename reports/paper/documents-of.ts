import type { RunManifest } from '../../harness/store/run-manifest.ts';
import type { PoolFacts } from './pool-facts.ts';

/** Which documents a run's system is given, in the paper's terms. */
export interface DocumentsOf {
  /** `oracle` where each question's gold passages are among them for certain, `normal` otherwise. */
  readonly setting: 'normal' | 'oracle';
  /** How many, in words: `20`, `8 to 10`, `gold alone`. */
  readonly pool: string;
}

/**
 * The setting of the paper that a run's `docs` is: gold passages (alone or among others) are the oracle setting, the first so many or the best by BM25 the normal one; all
 * candidates are the oracle setting where each question has a gold passage among them. Systems without the setting, which rank, have all candidates.
 */
export function documentsOf({ settings }: RunManifest, facts: PoolFacts): DocumentsOf {
  const { docs = 'all' } = settings;
  if (docs === 'gold') return { setting: 'oracle', pool: 'gold alone' };
  if (docs === 'all') {
    const { fewest, most, questions, withGold } = facts;
    return {
      setting: withGold === questions ? 'oracle' : 'normal',
      pool: fewest === most ? String(most) : `${fewest} to ${most}`,
    };
  }
  const [, oracle, size] = /^(oracle-)?(?:bm25-)?(\d+)$/.exec(String(docs)) ?? [];
  return { setting: oracle ? 'oracle' : 'normal', pool: size ?? String(docs) };
}
