import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encoderBatch, encoderTensors, type EncoderBatch } from '../../../harness/clara/encoder-batch.ts';
import type { Lay } from '../../../harness/clara/input-rows.ts';
import { specialTokens } from '../../../harness/clara/special-tokens.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { padSequences } from '../../../harness/language-model/packing.ts';
import { withoutLeaks } from '../training/without-leaks.ts';

/** Nine tokens and four memory tokens; three and two. */
const DOCUMENTS = [9, 3].map((length, at) => ({ ids: Array.from({ length }, (_, i) => i), count: 4 - 2 * at }));
const BEHIND = [9 + 4, 3 + 2].map((length) => [...Array(length).keys()]);
// Memory token j of m is at round((j + 1) (n - 1) / m).
const SPREAD = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 2, 4, 6, 8],
  [0, 1, 2, 1, 2],
];

const special = specialTokens(20, 4);

function batchOf(positions?: 'behind' | 'spread', lay?: Lay): { batch: EncoderBatch; values: number[][] } {
  const batch = encoderBatch(DOCUMENTS, special, { lay, positions });
  return { batch, values: encoderTensors(batch).map((tensor) => [...tensor.dataSync()]) };
}

/** Each document's positions. */
function positionsOf({ rows: { layout } }: EncoderBatch): number[][] {
  const all = [...layout.shape.packing!.positions.dataSync()];
  return layout.starts.map((start, at) => all.slice(start, start + BEHIND[at]!.length));
}

test('memory tokens are behind the text, or at the ends of equal shares of it; nothing else of a batch changes', async () => {
  await withoutLeaks(() => {
    const unsaid = batchOf();
    const behind = batchOf('behind');
    const spread = batchOf('spread');
    assert.deepEqual(behind.values, unsaid.values);
    assert.deepEqual(positionsOf(behind.batch), BEHIND);
    assert.deepEqual(positionsOf(spread.batch), SPREAD);
    const others = ({ batch, values }: ReturnType<typeof batchOf>): number[][] => {
      const at = encoderTensors(batch).indexOf(batch.rows.layout.shape.packing!.positions);
      return values.filter((_, place) => place !== at);
    };
    assert.deepEqual(others(spread), others(behind));
    for (const { batch } of [unsaid, behind, spread]) tf.dispose(encoderTensors(batch));
  });
});

test('padded, the positions are the same, each row is its own place, and nothing is left behind', async () => {
  await withoutLeaks(() => {
    const { batch } = batchOf('spread', (lengths) => padSequences(lengths, 8));
    const { shape, starts, total } = batch.rows.layout;
    assert.deepEqual([shape.batch, shape.rows, starts, total], [2, 16, [0, 16], 32]);
    assert.deepEqual(positionsOf(batch), SPREAD);
    for (const places of [shape.packing!.toPadded, shape.packing!.toPacked]) {
      assert.deepEqual([...places.dataSync()], [...Array(32).keys()]);
    }
    tf.dispose(encoderTensors(batch));
  });
});
