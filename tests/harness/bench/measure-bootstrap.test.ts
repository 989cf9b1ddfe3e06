import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureBootstrap } from '../../../harness/bench/measure-bootstrap.ts';

test('the bootstrap row of the bench draws its samples', () => {
  const rate = measureBootstrap(1000, 200);
  assert.ok(rate > 100 && Number.isFinite(rate), `${rate} samples a second`);
});
