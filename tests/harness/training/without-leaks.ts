import assert from 'node:assert/strict';
import { tf } from '../../../harness/engine/tensorflow.ts';

/** Runs f twice: constants that kernels keep are made in the first run, and the second must leave no tensor behind. */
export async function withoutLeaks(f: () => void | Promise<void>): Promise<void> {
  await f();
  const before = tf.memory().numTensors;
  await f();
  assert.equal(tf.memory().numTensors, before);
}
