import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specialEmbeddings } from '../../../harness/clara/special-embeddings.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { numbers } from '../engine/gradients.ts';
import { withoutLeaks } from '../training/without-leaks.ts';

const COUNT = 200;

/** Column means and mean squared deviation from them. */
function moments(table: Tensor): { mean: number[]; deviation: number } {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(table, 0);
    return { mean: [...mean.dataSync()], deviation: variance.mean().sqrt().dataSync()[0]! };
  });
}

test('new rows begin all at the mean of the old ones, or as far from each other as those are', async () => {
  await withoutLeaks(() => {
    const table = numbers([30, 4], 7);
    const old = moments(table);
    const [unsaid, mean, scattered] = ([undefined, 'mean', 'scattered'] as const).map((start) =>
      specialEmbeddings(table, COUNT, 3, start),
    ) as [Tensor, Tensor, Tensor];
    assert.deepEqual(unsaid.dataSync(), mean.dataSync());
    const [together, apart] = [moments(mean), moments(scattered)];
    assert.ok(together.deviation < 1e-3 * old.deviation, `${together.deviation} of ${old.deviation}`);
    assert.ok(Math.abs(apart.deviation / old.deviation - 1) < 0.15, `${apart.deviation} of ${old.deviation}`);
    apart.mean.forEach((value, i) => assert.ok(Math.abs(value - old.mean[i]!) < old.deviation / 3, String(value)));
    const rows = new Set((scattered.arraySync() as number[][]).map(([first]) => first!.toFixed(4)));
    assert.ok(rows.size > COUNT / 2, `${rows.size} of ${COUNT} rows differ`);
    tf.dispose([table, unsaid, mean, scattered]);
  });
});
