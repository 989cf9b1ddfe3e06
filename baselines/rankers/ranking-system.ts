import type { System } from '../../harness/system.ts';
import type { Ranker } from './ranker.ts';

/** A ranker as a competitor: its predictions are empty and have a ranking, so that recall and its like are all that is measured. */
export function rankingSystem<Prepared>(ranker: Ranker<Prepared>): System {
  // By the job's settings: a process that does several jobs must not rank one by what it has prepared for another.
  const prepared = new WeakMap<object, Prepared>();
  const { id, description, prepare } = ranker;
  return {
    id,
    description,
    answers: false,
    settings: (given) => ranker.settings(given),
    ...(ranker.training && { training: (settings) => ranker.training!(settings) }),
    ...(prepare && {
      prepare: async (examples, context) => {
        prepared.set(context.settings, await prepare.call(ranker, examples, context));
      },
    }),
    async *predict(examples, context) {
      if (prepare && !prepared.has(context.settings)) throw new Error(`${id}: predict comes after prepare`);
      const rankings = await ranker.rank(examples, context, prepared.get(context.settings) as Prepared);
      for (const [at, { ranking, ms }] of rankings.entries()) {
        yield { id: examples[at]!.id, prediction: '', ranking, ms: { rank: ms } };
      }
    },
  };
}
