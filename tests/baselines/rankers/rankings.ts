import assert from 'node:assert/strict';
import type { Example } from '../../../datasets/example.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import type { System } from '../../../harness/system.ts';

/** What a system that ranks makes of the first `count` of a job's examples; each answer is checked to be a ranking and nothing else. */
export async function rankings(
  system: System,
  given: Readonly<Record<string, unknown>>,
  examples: readonly Example[],
  count = examples.length,
  {
    model,
    seed = 0,
    trained = null,
    cache = '/nowhere',
  }: { model?: LanguageModel; seed?: number; trained?: string | null; cache?: string } = {},
): Promise<number[][]> {
  const context = {
    model: async () => model ?? assert.fail('this system asks for no model'),
    maxNewTokens: 8,
    batch: 4,
    seed,
    settings: system.settings(given),
    trained,
    cache,
  };
  await system.prepare?.(examples, context);
  const ranked: number[][] = [];
  for await (const answer of system.predict(examples.slice(0, count), context)) {
    assert.ok('prediction' in answer, JSON.stringify(answer));
    const { id, prediction, ranking, ms, ...rest } = answer;
    const { docs, id: asked } = examples[ranked.length]!;
    assert.deepEqual({ id, prediction, rest, phases: Object.keys(ms!) }, { id: asked, prediction: '', rest: {}, phases: ['rank'] }); // prettier-ignore
    assert.deepEqual([...ranking!].sort((a, b) => a - b), docs.map((_, index) => index)); // prettier-ignore
    ranked.push(ranking!);
  }
  assert.equal(ranked.length, count);
  return ranked;
}
