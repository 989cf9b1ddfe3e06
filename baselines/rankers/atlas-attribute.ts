import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { askedPredicates } from '../../datasets/atlas/asked-predicates.ts';
import { statesPredicate } from '../../datasets/atlas/states-predicate.ts';
import type { Example } from '../../datasets/example.ts';
import { InputError } from '../../harness/errors.ts';
import { shuffled } from '../../harness/training/shuffled.ts';
import { checkSettings } from '../settings.ts';
import { questionSeed } from './question-seed.ts';
import { rankingSystem } from './ranking-system.ts';

const schema = z.strictObject({});

/**
 * A shortcut on atlas: passages that state what is asked come first, whosever it is, in an order drawn by the seed and the question's id. What a ranker gets that never looks at
 * names; `recallByAttribute` says what to expect.
 */
export const atlasAttribute = rankingSystem({
  id: 'atlas-attribute',
  description: 'on atlas, ranks the documents that state the asked attribute first, whatever the name: a shortcut',
  settings: (given) => checkSettings('atlas-attribute', schema, given),
  async rank(examples, { seed }) {
    return examples.map((example) => {
      const started = performance.now();
      const ranking = rankByAttribute(example, seed);
      return { ranking, ms: performance.now() - started };
    });
  },
});

function rankByAttribute({ id, question, docs }: Example, seed: number): number[] {
  const asked = askedPredicates(question);
  if (!asked)
    throw new InputError(
      `system atlas-attribute: expected questions of atlas, got ${JSON.stringify(question)} (${id})`,
    );
  const states = docs.map((document) => asked.some((predicate) => statesPredicate(document, predicate)));
  const order = shuffled(docs.length, questionSeed(id, seed));
  return [...order.filter((at) => states[at]), ...order.filter((at) => !states[at])];
}
