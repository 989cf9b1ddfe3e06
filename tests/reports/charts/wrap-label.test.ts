import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapLabel } from '../../../reports/charts/wrap-label.ts';

test('shows a long name whole, on several lines', () => {
  assert.deepEqual(wrapLabel('clara (all, k 3) 4×', 22), ['clara (all, k 3) 4×']);
  assert.deepEqual(wrapLabel('clara (oracle-3, no endToEnd, k 5) 32×', 22), [
    'clara (oracle-3, no',
    'endToEnd, k 5) 32×',
  ]);
});

test('cuts what no chart has room for, and leaves the ratio', () => {
  assert.deepEqual(wrapLabel('a-name-of-thirty-characters-in-one-word', 12), ['a-name-of-t…']);
  assert.deepEqual(wrapLabel('one two three four five six seven 16×', 10), ['one two', 'three four', 'five … 16×']);
});
