import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atlasDials } from '../../datasets/atlas/dials.ts';
import { benchmarkName } from '../../datasets/benchmark-name.ts';

test('a generated benchmark is called by its turned dials, any other by its id', () => {
  assert.equal(benchmarkName({ id: 'squad' }), 'squad');
  assert.equal(benchmarkName({ id: 'atlas', dials: atlasDials.parse({}) }), 'atlas');
  const dials = atlasDials.parse({ length: 60, shared: 1, documents: 4, ask: 'all' });
  assert.equal(benchmarkName({ id: 'atlas', dials }), 'atlas (shared 1, length 60, ask all)');
});
