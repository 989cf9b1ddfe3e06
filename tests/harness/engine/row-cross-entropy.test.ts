import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headCrossEntropy } from '../../../harness/engine/cross-entropy.ts';
import { differentiableScatter } from '../../../harness/engine/differentiable-scatter.ts';
import { rowCrossEntropy } from '../../../harness/engine/row-cross-entropy.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { checkGradients, numbers } from './gradients.ts';

test('cross-entropy by row: their mean is the plain one over several chunks; gradients by differences', () => {
  const [rows, size, vocabulary] = [300, 3, 5];
  const hidden = numbers([rows, size], 1);
  const head = numbers([vocabulary, size], 2);
  const labels = tf.tensor1d(Array.from({ length: rows }, (_, row) => (row * row) % vocabulary), 'int32'); // prettier-ignore
  const each = rowCrossEntropy(hidden, head, labels).dataSync() as Float32Array;
  assert.equal(each.length, rows);
  const mean = each.reduce((sum: number, loss: number) => sum + loss, 0) / rows;
  assert.ok(Math.abs(mean - headCrossEntropy(hidden, head, labels).dataSync()[0]!) < 1e-5);
  const logits = (tf.matMul(hidden, head, false, true).arraySync() as number[][])[299]!;
  const expected = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[(299 * 299) % 5]!;
  assert.ok(Math.abs(each[299]! - expected) < 1e-5);
  const few = tf.tensor1d([4, 0, 2], 'int32');
  checkGradients('rowCrossEntropy', [numbers([3, size], 3)], ([a]) => rowCrossEntropy(a!, head, few));
});

test('rows are summed by segment, and a segment without any is 0', () => {
  const segments = tf.tensor1d([2, 0, 2, 3], 'int32');
  const summed = differentiableScatter(tf.tensor1d([1, 2, 4, 8]), segments, 5).dataSync();
  assert.deepEqual([...summed], [2, 0, 5, 8, 0]);
  checkGradients('scatter', [numbers([4], 4)], ([a]) => differentiableScatter(a!, segments, 5));
});
