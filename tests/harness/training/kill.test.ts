import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killTraining } from './kill-training.ts';

test('killed at random moments and continued, a training ends with the same weights to the last bit, and each step once in its curve', async () => {
  const seed = Date.now();
  const { kills, different } = await killTraining(2, seed);
  assert.deepEqual(different, [], `seed ${seed}`);
  assert.equal(kills, 2);
});
