import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbablySeenIds } from '../../../harness/scoring/seen-ids.ts';

test('knows the ids that were added, few or many, and takes no other for one of them', () => {
  const seen = new ProbablySeenIds();
  for (const count of [10, 65_536, 70_000]) {
    for (let at = 0; at < count; at++) seen.add(`id ${at}`);
    for (let at = 0; at < count; at++) assert.ok(seen.has(`id ${at}`), `id ${at} of ${count}`);
    for (let at = 0; at < count; at++) assert.ok(!seen.has(`other ${at}`), `other ${at} of ${count}`);
  }
});
