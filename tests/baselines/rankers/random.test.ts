import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../../datasets/example.ts';
import { random } from '../../../baselines/rankers/random.ts';
import { rankings } from './rankings.ts';

const examples = Array.from({ length: 2000 }, (_, at): Example => ({
  id: `question ${at}`,
  question: 'x',
  answers: ['x'],
  docs: Array.from({ length: 4 }, () => ({ title: 'x', text: 'x' })),
  pos_index: [0],
}));

test('every order is as likely as the others', async () => {
  const counts = new Map<string, number>();
  for (const ranking of await rankings(random, {}, examples)) {
    counts.set(ranking.join(), (counts.get(ranking.join()) ?? 0) + 1);
  }
  // Chi-squared with 23 degrees of freedom is above 49.7 once in a thousand times.
  const expected = examples.length / 24;
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert.equal(counts.size, 24);
  assert.ok(chiSquared < 49.7, `chi-squared ${chiSquared}`);
});

test('a question has the order of its id and the seed, whatever else is asked', async () => {
  const some = examples.slice(0, 20);
  const first = await rankings(random, {}, some);
  assert.deepEqual(await rankings(random, {}, [...some].reverse()), [...first].reverse());
  assert.notDeepEqual(await rankings(random, {}, some, some.length, { seed: 1 }), first);
});
