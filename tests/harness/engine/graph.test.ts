import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAndGradients } from '../../../harness/engine/differentiable.ts';
import { Graph } from '../../../harness/engine/graph.ts';
import { GraphCache } from '../../../harness/engine/graph-cache.ts';
import { add, matMul, overwriteRows, scale } from '../../../harness/engine/kernels.ts';
import { swiglu } from '../../../harness/engine/swiglu.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { numbers } from './gradients.ts';

const values = (tensor: Tensor): number[] => [...tensor.dataSync()];

test('a graph recorded for one size serves others, and reads weights that were there when it was recorded', () => {
  const weight = numbers([4, 5], 1);
  const compute = (x: Tensor): Tensor => scale(matMul(x, weight), 3);
  const first = numbers([2, 4], 2);
  const graph = Graph.record([first], [], () => [compute(first)]);
  assert.deepEqual(values(graph.run([first])[0]!), values(compute(first)));
  const other = numbers([3, 4], 3);
  assert.deepEqual(values(graph.run([other])[0]!), values(compute(other)));
  graph.dispose();
});

test('state stays in the graph, is written in place, and can be replaced', () => {
  const state = tf.fill([4, 2], 0);
  const row = tf.tensor1d([1], 'int32');
  const given = tf.tensor2d([[5, 6]]);
  const one = tf.fill([4, 2], 1);
  const step = (): Tensor[] => [add(overwriteRows(state, row, given), one)];
  const graph = Graph.record([row, given], [state], step);
  graph.setState([state]);
  const next = graph.run([tf.tensor1d([3], 'int32'), tf.tensor2d([[7, 8]])])[0]!;
  assert.deepEqual(values(next), [1, 1, 6, 7, 1, 1, 8, 9]);
  assert.deepEqual(values(state), [0, 0, 5, 6, 0, 0, 7, 8]);
  const fresh = tf.fill([4, 2], 2);
  graph.setState([fresh]);
  assert.deepEqual(values(graph.run([row, given])[0]!), [3, 3, 6, 7, 3, 3, 3, 3]);
  assert.deepEqual(values(state), [0, 0, 5, 6, 0, 0, 7, 8]);
  graph.dispose();
});

test('a recorded step gives what its kernels give, the same bits each time; gradients too; nothing is left behind', () => {
  const cache = new GraphCache();
  const weight = numbers([3, 3], 4);
  const step = (x: Tensor, up: Tensor): Tensor[] => {
    const { value, gradients } = valueAndGradients(() => swiglu(scale(x, 2), up), [up], weight);
    return [value, ...gradients];
  };
  const run = (seed: number, recorded: boolean): number[][] => {
    const inputs = [numbers([3, 3], seed), numbers([3, 3], seed + 50)] as const;
    const outputs = recorded ? cache.run('step', inputs, () => step(...inputs)) : step(...inputs);
    const result = outputs.map(values);
    tf.dispose([...outputs, ...inputs]);
    return result;
  };
  const plain = run(5, false);
  const first = run(5, true);
  run(6, true);
  const before = tf.memory().numTensors;
  assert.deepEqual(run(5, true), first);
  assert.equal(tf.memory().numTensors, before);
  first.forEach((tensor, i) => tensor.forEach((value, at) => assert.ok(Math.abs(value - plain[i]![at]!) < 1e-6)));
  cache.dispose();
});

test('only the last few graphs are kept', () => {
  const cache = new GraphCache();
  for (let round = 0; round < 3; round++) {
    for (let size = 1; size <= 12; size++) {
      const x = numbers([size, 2], size);
      const [sum] = cache.run(String(size), [x], () => [add(x, x)]);
      assert.deepEqual(values(sum!), values(x).map((value) => Math.fround(2 * value))); // prettier-ignore
    }
  }
  cache.dispose();
});
