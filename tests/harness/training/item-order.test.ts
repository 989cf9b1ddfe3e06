import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveSeed } from '../../../harness/training/derive-seed.ts';
import { holdOut } from '../../../harness/training/hold-out.ts';
import { ItemOrder } from '../../../harness/training/item-order.ts';
import { microBatches } from '../../../harness/training/micro-batches.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('every epoch has each item once, in an order of its own; batches go on from one epoch into the next', () => {
  const order = new ItemOrder(7, { batch: 3, order: 'shuffled' }, 1);
  const stream = range(14).flatMap((i) => order.batch(i + 1));
  const epochs = range(6).map((epoch) => stream.slice(7 * epoch, 7 * (epoch + 1)));
  for (const epoch of epochs) assert.deepEqual([...epoch].sort(), range(7));
  assert.equal(new Set(epochs.map(String)).size, 6);
});

test('a step has the same items wherever one begins; another seed has others', () => {
  const settings = { batch: 4, order: 'shuffled' } as const;
  const whole = new ItemOrder(10, settings, 5);
  const batches = range(9).map((i) => whole.batch(i + 1));
  for (const step of [9, 1, 5, 4]) assert.deepEqual(new ItemOrder(10, settings, 5).batch(step), batches[step - 1]);
  const other = new ItemOrder(10, settings, 6);
  assert.notDeepEqual(
    range(9).map((i) => other.batch(i + 1)),
    batches,
  );
  const given = new ItemOrder(5, { batch: 4, order: 'given' }, 5);
  assert.deepEqual(
    [given.batch(1), given.batch(2)],
    [
      [0, 1, 2, 3],
      [4, 0, 1, 2],
    ],
  );
});

test('the held-out slice depends on the number of items and the seed alone', () => {
  const letters = 'abcdefghij'.split('');
  const { training, validation } = holdOut(letters, 0.3, 4);
  assert.equal(validation.length, 3);
  assert.deepEqual([...training, ...validation].sort(), letters);
  assert.deepEqual([...training].sort(), training);
  const numbers = holdOut(range(10), 0.3, 4);
  assert.deepEqual(
    numbers.validation.map((i) => letters[i]),
    validation,
  );
  assert.deepEqual(holdOut(letters, 0, 4), { training: letters, validation: [] });
  assert.equal(holdOut(letters, 0.01, 4).validation.length, 1);
  assert.throws(() => holdOut(['a'], 0.5, 0), { name: 'InputError', message: /at least 2 items/ });
});

test('micro-batches hold items of like length', () => {
  const groups = microBatches(['aaaa', 'b', 'cc', 'dddd', 'e'], 2, (item) => item.length);
  assert.deepEqual(groups, [['b', 'e'], ['cc', 'aaaa'], ['dddd']]);
});

test('seeds of parts differ, and are 32-bit integers', () => {
  const seeds = range(30).flatMap((a) => range(30).map((b) => deriveSeed(a, b)));
  assert.equal(new Set(seeds).size, 900);
  assert.ok(seeds.every((seed) => seed === (seed | 0)));
  assert.notEqual(deriveSeed(0), deriveSeed(0, 0));
});
