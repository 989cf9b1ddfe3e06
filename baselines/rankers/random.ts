import { z } from 'zod';
import { shuffled } from '../../harness/training/shuffled.ts';
import { checkSettings } from '../settings.ts';
import { questionSeed } from './question-seed.ts';
import { rankingSystem } from './ranking-system.ts';

const schema = z.strictObject({});

/** Chance: the candidates in an order that is drawn for each question by the seed and the question's id alone. */
export const random = rankingSystem({
  id: 'random',
  description: 'ranks the documents at random: what recall is worth by chance',
  settings: (given) => checkSettings('random', schema, given),
  async rank(examples, { seed }) {
    return examples.map(({ id, docs }) => ({ ranking: shuffled(docs.length, questionSeed(id, seed)), ms: 0 }));
  },
});
