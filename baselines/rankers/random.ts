import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { z } from 'zod';
import type { Example } from '../../datasets/example.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { checkSettings } from '../settings.ts';
import { rankingSystem } from './ranking-system.ts';

const schema = z.strictObject({});

/** Chance: the candidates in an order that is drawn for each question by the seed and the question's id alone. */
export const random = rankingSystem({
  id: 'random',
  description: 'ranks the documents at random: what recall is worth by chance',
  settings: (given) => checkSettings('random', schema, given),
  async rank(examples, { seed }) {
    return examples.map((example) => ({ ranking: shuffled(example, seed), ms: 0 }));
  },
});

/** Fisher and Yates's shuffle. */
function shuffled({ id, docs }: Example, seed: number): number[] {
  const generator = xoroshiro128plus(parseInt(sha256(JSON.stringify([seed, id])).slice(0, 8), 16) | 0);
  const order = docs.map((_, index) => index);
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = uniformInt(generator, 0, last);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}
