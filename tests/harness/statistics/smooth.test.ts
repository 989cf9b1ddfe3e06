import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smooth } from '../../../harness/statistics/smooth.ts';

test('a running mean reaches as far to either side as there are values', () => {
  assert.deepEqual(
    smooth([1, 2, 6, 4, 5], () => 1),
    [1.5, 3, 4, 5, 4.5],
  );
  assert.deepEqual(
    smooth([1, 2, 6], () => 0),
    [1, 2, 6],
  );
  assert.deepEqual(
    smooth([1, 2, 6], () => 10),
    [3, 3, 3],
  );
  assert.deepEqual(
    smooth([], () => 3),
    [],
  );
  // A reach that grows with the place.
  assert.deepEqual(
    smooth([1, 2, 6, 4, 7], (place) => place),
    [1, 3, 4, 4, 4],
  );
});
