import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { killMany } from './kill-many.ts';

test('killed at random moments and run again, the predictions are those of an undisturbed run', async () => {
  const report = await killMany(path.join(import.meta.dirname, 'kill.yaml'), 3, Date.now());
  assert.deepEqual(report.different, []);
  assert.equal(report.kills, 3);
});
