import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { deriveSeed } from '../../harness/training/derive-seed.ts';
import type { Example } from '../example.ts';
import type { AtlasDials } from './dials.ts';
import { drawProblem } from './draw-problem.ts';
import { ATLAS_SPLITS, type AtlasSplit } from './entity-name.ts';
import { passage } from './passage.ts';

/** Lists of passages that one random generator makes. Seeds have 32 bits: one for each list would repeat some among a million. */
const CHUNK = 256;

/**
 * So many of atlas's questions, streamed: the first of them are the same however many are asked for, and the same everywhere. Ids are `atlas-SPLIT-NUMBER`.
 * In the split train, passages have `pairs` and `paraphrase`.
 */
export function* generateAtlas(split: AtlasSplit, questions: number, dials: AtlasDials): Generator<Example> {
  let number = 0;
  for (let chunk = 0; ; chunk++) {
    const random = xoroshiro128plus(deriveSeed(dials.seed, ATLAS_SPLITS.indexOf(split), chunk));
    for (let list = 0; list < CHUNK; list++) {
      const { entities, gold, asked } = drawProblem(random, split, dials);
      const docs = entities.map((entity) =>
        passage(random, entity, { length: dials.length, pretraining: split === 'train' }),
      );
      const pos_index = entities.flatMap((entity, at) => (gold.includes(entity) ? [at] : []));
      for (const { question, answer } of asked) {
        if (number === questions) return;
        const id = `atlas-${split}-${String(++number).padStart(7, '0')}`;
        yield { id, question, answers: [answer], docs, pos_index };
      }
    }
  }
}
