import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropoutMask, placeSeed } from '../../../harness/engine/dropout-mask.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';

const [ROWS, COLUMNS] = [200, 101];

function mask(seed: number, stream: number, place: number, rate = 0.1): { kept: number[]; share: number } {
  return tf.tidy(() => {
    const from = placeSeed({ seed: tf.tensor1d([seed], 'int32'), stream }, place - 1);
    const { kept, share } = dropoutMask(rate, from, 1, ROWS, COLUMNS);
    assert.deepEqual(kept.shape, [ROWS, COLUMNS]);
    return { kept: [...kept.dataSync()], share };
  });
}

test('a mask keeps its share, and depends on seed, stream and place alone', () => {
  const first = mask(7, 0, 3);
  assert.equal(first.share, 230 / 256);
  const kept = first.kept.reduce((a, b) => a + b, 0) / (ROWS * COLUMNS);
  // Four standard deviations of a share of 20,200 values.
  assert.ok(Math.abs(kept - first.share) < 4 * Math.sqrt((0.9 * 0.1) / (ROWS * COLUMNS)), String(kept));
  assert.deepEqual(mask(7, 0, 3).kept, first.kept);
  for (const other of [mask(8, 0, 3), mask(7, 1, 3), mask(7, 0, 4)]) {
    const differing = other.kept.filter((value, i) => value !== first.kept[i]).length / other.kept.length;
    // Two independent masks differ at 2 x 0.9 x 0.1 of the places.
    assert.ok(Math.abs(differing - 0.18) < 0.03, String(differing));
  }
});

test('what is dropped is in no row or column more than in others', () => {
  const { kept } = mask(1, 2, 5, 0.5);
  for (let column = 0; column < COLUMNS; column++) {
    const share =
      Array.from({ length: ROWS }, (_, row) => kept[row * COLUMNS + column]!).reduce((a, b) => a + b) / ROWS;
    assert.ok(Math.abs(share - 0.5) < 0.18, `column ${column}: ${share}`);
  }
});
