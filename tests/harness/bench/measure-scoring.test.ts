import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureScoring } from '../../../harness/bench/measure-scoring.ts';

test('the scoring row of the bench scores its made-up predictions', async () => {
  const rate = await measureScoring(1500);
  assert.ok(rate > 100 && Number.isFinite(rate), `${rate} predictions a second`);
});
