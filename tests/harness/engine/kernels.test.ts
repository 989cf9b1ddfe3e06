import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differentiableAdd } from '../../../harness/engine/add.ts';
import { attention, cachedAttention, cacheMask } from '../../../harness/engine/attention.ts';
import { checkpoint } from '../../../harness/engine/checkpoint.ts';
import { headCrossEntropy } from '../../../harness/engine/cross-entropy.ts';
import { valueAndGradients } from '../../../harness/engine/differentiable.ts';
import { differentiableGather } from '../../../harness/engine/differentiable-gather.ts';
import { gelu } from '../../../harness/engine/gelu.ts';
import { slice } from '../../../harness/engine/kernels.ts';
import { linear, type LinearWeights } from '../../../harness/engine/linear.ts';
import { lowRankInput, type InputDropout, type LowRank } from '../../../harness/engine/low-rank-input.ts';
import { rmsNorm } from '../../../harness/engine/rms-norm.ts';
import { rotary, rotaryTable } from '../../../harness/engine/rotary.ts';
import { swiglu } from '../../../harness/engine/swiglu.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { checkGradients, numbers } from './gradients.ts';

const close = (got: Tensor, expected: readonly number[], tolerance = 1e-5): void => {
  const values = got.dataSync();
  assert.equal(values.length, expected.length);
  values.forEach((value: number, i: number) =>
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `element ${i}: expected ${expected[i]}, got ${value}`),
  );
};

test('RMS norm: value by its definition, gradients to input and gamma by differences', () => {
  const x = numbers([3, 4], 1);
  const gamma = numbers([4], 2);
  const rows = x.arraySync() as number[][];
  const g = gamma.arraySync() as number[];
  close(
    rmsNorm(x, gamma, 1e-5),
    rows.flatMap((row) => {
      const rms = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / 4 + 1e-5);
      return row.map((value, i) => (value / rms) * g[i]!);
    }),
  );
  checkGradients('rmsNorm', [x, gamma], ([a, b]) => rmsNorm(a!, b!, 1e-2, true));
  checkGradients('rmsNorm, frozen gamma', [x], ([a]) => rmsNorm(a!, gamma, 1e-2));
});

test('rotary: turns pairs by position times frequency; gradients by differences', () => {
  const [batch, rows, heads, headSize] = [2, 3, 2, 4];
  const x = numbers([batch * rows, heads * headSize], 3);
  const frequencies = [0.7]; // One of the two pairs turns: partial rotary.
  const factor = { rotated: 1.5, rest: 0.5 };
  const table = rotaryTable([0, 1, 2], frequencies, heads, headSize, factor, { flat: true });
  const inverse = rotaryTable([0, 1, 2], frequencies, heads, headSize, factor, { flat: true, conjugate: true });
  const expected = (x.arraySync() as number[][]).flatMap((row, n) => {
    const angle = (n % rows) * 0.7;
    return [0, 1].flatMap((head) => {
      const [a, b, c, d] = row.slice(head * 4, head * 4 + 4) as [number, number, number, number];
      return [
        1.5 * (a * Math.cos(angle) - b * Math.sin(angle)),
        1.5 * (a * Math.sin(angle) + b * Math.cos(angle)),
        0.5 * c,
        0.5 * d,
      ];
    });
  });
  close(rotary(x, table, inverse), expected);
  checkGradients('rotary', [x], ([a]) => rotary(a!, table, inverse));
});

test('SwiGLU: value by its definition, gradients by differences', () => {
  const [gate, up] = [numbers([2, 5], 4), numbers([2, 5], 5)];
  const u = up.dataSync();
  close(
    swiglu(gate, up),
    [...gate.dataSync()].map((z, i) => (z / (1 + Math.exp(-z))) * u[i]!),
  );
  checkGradients('swiglu', [gate, up], ([a, b]) => swiglu(a!, b!));
});

test('linear: value with bias and low-rank addition, gradients to all that is trained', () => {
  const [x, weight, bias, a, b] = [
    numbers([3, 4], 6),
    numbers([4, 5], 7),
    numbers([5], 8),
    numbers([2, 4], 9),
    numbers([5, 2], 10),
  ];
  const expected = x.matMul(weight).add(bias).add(x.matMul(a, false, true).matMul(b, false, true).mul(3)); // prettier-ignore
  const adapted = (x: Tensor, layer: LinearWeights, { a, b, scale }: LowRank, dropout?: InputDropout): Tensor =>
    linear(x, layer, { h: lowRankInput(x, [{ a, scale }], dropout), from: 0, b });
  close(adapted(x, { weight, bias }, { a, b, scale: 3 }), [...expected.dataSync()]);
  checkGradients('linear with a low-rank addition', [x, a, b], ([x, a, b]) => adapted(x!, { weight, bias }, { a: a!, b: b!, scale: 3 })); // prettier-ignore
  checkGradients('trained linear', [x, weight, bias], ([x, weight, bias]) => linear(x!, { weight: weight!, bias: bias! }, undefined, true)); // prettier-ignore
  const kept = tf.tensor2d([0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0], [3, 4], 'bool');
  const dropout = { kept, share: 0.5 };
  checkGradients('low-rank addition with dropout', [x, a, b], ([x, a, b]) => adapted(x!, { weight }, { a: a!, b: b!, scale: 0.5 }, dropout)); // prettier-ignore
});

/** Softmax attention by its definition, one query at a time in double precision. */
function plainAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  batch: number,
  rows: number,
  heads: number,
  kv: number,
  size: number,
  window: number | null,
): number[] {
  const [Q, K, V] = [q, k, v].map((t) => t.arraySync() as number[][]) as [number[][], number[][], number[][]];
  const out: number[] = [];
  for (let n = 0; n < batch * rows; n++) {
    for (let h = 0; h < heads; h++) {
      const g = Math.floor(h / (heads / kv));
      const row = n % rows;
      const seen = Array.from({ length: row + 1 }, (_, i) => i).filter((i) => window === null || row - i < window);
      const scores = seen.map((i) => {
        let sum = 0;
        for (let d = 0; d < size; d++) sum += Q[n]![h * size + d]! * K[n - row + i]![g * size + d]!;
        return Math.exp(sum);
      });
      const total = scores.reduce((a, b) => a + b, 0);
      for (let d = 0; d < size; d++)
        out.push(seen.reduce((sum, i, at) => sum + (scores[at]! / total) * V[n - row + i]![g * size + d]!, 0));
    }
  }
  return out;
}

test('attention: grouped heads, causal, with and without a window; gradients by differences', () => {
  const shape = { batch: 2, rows: 4, heads: 4, keyValueHeads: 2, headSize: 2 };
  const [q, k, v] = [numbers([8, 8], 11), numbers([8, 4], 12), numbers([8, 4], 13)];
  for (const slidingWindow of [null, 2]) {
    close(attention(q, k, v, { ...shape, slidingWindow }), plainAttention(q, k, v, 2, 4, 4, 2, 2, slidingWindow));
    checkGradients(`attention, window ${slidingWindow}`, [q, k, v], ([q, k, v]) =>
      attention(q!, k!, v!, { ...shape, slidingWindow }),
    );
  }
});

test('attention: sequences of several query blocks equal the definition, forward and backward', () => {
  const rows = 600; // Three blocks, the last one short.
  for (const slidingWindow of [null, 300]) {
    const shape = { batch: 1, rows, heads: 2, keyValueHeads: 1, headSize: 2, slidingWindow };
    const [q, k, v] = [numbers([rows, 4], 14), numbers([rows, 2], 15), numbers([rows, 2], 16)];
    close(attention(q, k, v, shape), plainAttention(q, k, v, 1, rows, 2, 1, 2, slidingWindow));
    const weights = numbers([rows, 4], 17);
    const got = valueAndGradients(() => attention(q, k, v, shape), [q, k, v], weights).gradients;
    const reference = tf.grads((q: Tensor, k: Tensor, v: Tensor) => {
      const mask = tf.tensor2d(
        Float32Array.from({ length: rows * rows }, (_, i) => {
          const [row, column] = [Math.floor(i / rows), i % rows];
          return column <= row && (slidingWindow === null || row - column < slidingWindow) ? 0 : -1e9;
        }),
        [rows, rows],
      );
      const outputs = [0, 1].map((head) => {
        const part = tf.slice(q, [0, head * 2], [rows, 2]);
        return tf.matMul(tf.softmax(tf.add(tf.matMul(part, k, false, true), mask)), v);
      });
      return tf.concat(outputs, 1);
    })([q, k, v], weights);
    got.forEach((gradient, i) => close(gradient, [...reference[i]!.dataSync()], 2e-5));
  }
});

test('attention to a cache equals the last row of attention to the sequence', () => {
  const [rows, heads, kv, size, capacity] = [5, 4, 2, 2, 8];
  const [q, k, v] = [numbers([rows, heads * size], 18), numbers([rows, kv * size], 19), numbers([rows, kv * size], 20)];
  const whole = attention(q, k, v, { batch: 1, rows, heads, keyValueHeads: kv, headSize: size, slidingWindow: null });
  const cache = (x: Tensor): Tensor => x.reshape([rows, kv, size]).transpose([1, 0, 2]).pad([[0, 0], [0, capacity - rows], [0, 0]]); // prettier-ignore
  const last = tf.slice(q, [rows - 1, 0], [1, -1]).reshape([kv, heads / kv, size]);
  const got = cachedAttention(last, cache(k), cache(v), cacheMask([{ from: 0, to: rows }], kv, capacity));
  close(got, [...tf.slice(whole, [rows - 1, 0], [1, -1]).dataSync()]);
});

test('cross-entropy of the output head: value by its definition over several chunks, gradients by differences', () => {
  const [rows, size, vocabulary] = [600, 3, 7];
  const [hidden, head] = [numbers([rows, size], 21), numbers([vocabulary, size], 22)];
  const labels = Array.from({ length: rows }, (_, i) => (i * 5) % vocabulary);
  const logits = tf.matMul(hidden, head, false, true).arraySync() as number[][];
  const expected = logits.map((row, i) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[labels[i]!]!);
  close(headCrossEntropy(hidden, head, tf.tensor1d(labels, 'int32')), [expected.reduce((a, b) => a + b, 0) / rows]);
  const few = numbers([4, size], 23);
  const few4 = tf.tensor1d([0, 6, 2, 2], 'int32');
  checkGradients('headCrossEntropy', [few, head], ([h, e]) => headCrossEntropy(h!, e!, few4, { trainHead: true }));
  checkGradients('headCrossEntropy, frozen head', [few], ([h]) => headCrossEntropy(h!, head, few4));
  const extra = tf.randomNormal([3, size], 0, 1, 'float32', 5);
  const shares = tf.tensor1d([0.5, 0, 0.25, 0.25]);
  checkGradients('headCrossEntropy, added tokens and shares', [few, extra], ([h, e]) =>
    headCrossEntropy(h!, head, few4, { extra: e!, shares }),
  );
  const grown = tf.concat([head, extra]);
  close(headCrossEntropy(few, head, few4, { extra }), [...headCrossEntropy(few, grown, few4).dataSync()]);
});

test('rows taken twice get the sum of their gradients', () => {
  checkGradients('differentiableGather', [numbers([4, 2], 24)], ([x]) =>
    differentiableGather(x!, tf.tensor1d([3, 0, 3], 'int32')),
  );
  checkGradients('differentiableAdd', [numbers([2, 2], 25), numbers([2, 2], 26)], ([a, b]) =>
    differentiableAdd(a!, b!),
  );
});

test('checkpointing gives the same gradients to the last bit, inside other operations, and leaks nothing', () => {
  const [x, gate, up, dy] = [numbers([3, 4], 27), numbers([4, 4], 28), numbers([4, 4], 29), numbers([3, 4], 34)];
  const block = ([x, gate, up]: readonly Tensor[]): Tensor =>
    differentiableAdd(
      x!,
      swiglu(linear(x!, { weight: gate! }, undefined, true), linear(x!, { weight: up! }, undefined, true)),
    );
  const run = (wrapped: boolean): Float32Array[] => {
    const layer = (inputs: Tensor[]): Tensor => (wrapped ? checkpoint(inputs, block) : block(inputs));
    const twice = (): Tensor => layer([layer([x, gate, up]), gate, up]);
    const { value, gradients } = valueAndGradients(twice, [x, gate, up], dy);
    const values = [value, ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
    tf.dispose([value, ...gradients]);
    return values;
  };
  const before = tf.memory().numTensors;
  assert.deepEqual(run(true), run(false));
  assert.equal(tf.memory().numTensors, before);
});

test('an operation that reads one tensor twice gets both parts; one that no variable reaches is not recorded', () => {
  const x = numbers([2, 3], 30);
  checkGradients('x + x', [x], ([x]) => differentiableAdd(x!, x!));
  const before = tf.memory().numTensors;
  const other = numbers([2, 3], 31);
  const { value, gradients } = valueAndGradients(() => swiglu(other, other), [x], numbers([2, 3], 32));
  assert.deepEqual([...gradients[0]!.dataSync()], [0, 0, 0, 0, 0, 0]);
  tf.dispose([value, ...gradients]);
  assert.equal(tf.memory().numTensors, before + 2, 'only the two inputs that the test made are left');
});

test('a failing operation leaves nothing behind', () => {
  const x = numbers([2, 2], 33);
  const before = tf.memory().numTensors;
  const failing = (): Tensor => {
    swiglu(x, x);
    throw new Error('stop');
  };
  assert.throws(() => valueAndGradients(failing, [x], x), /stop/);
  assert.equal(tf.memory().numTensors, before);
  checkGradients('recording goes on afterwards', [x], ([x]) => swiglu(x!, x!));
});

test('GELU: the values of torch.nn.functional.gelu, gradient by differences', () => {
  close(gelu(tf.tensor1d([-3, -1, -0.1, 0, 0.5, 2])), [-0.00404969, -0.15865525, -0.04601722, 0, 0.34573123, 1.9544997], 1e-6); // prettier-ignore
  checkGradients('gelu', [numbers([3, 4], 8)], ([x]) => gelu(x!));
});

test('more constants than are kept: none is freed while a kernel is being given it', () => {
  // Two constants a call, both new; the second time around, one call between shifts which of the two is one too many.
  for (const [size, shift] of [
    [5000, 0],
    [11_000, 1],
  ] as const) {
    // prettier-ignore
    const x = tf.range(0, size);
    for (let i = 0; i < 2300; i++) {
      const [value] = tf.tidy(() => slice(x, [i + 2500 * shift], [size - 1 - i - 2500 * shift]).dataSync());
      assert.equal(value, i + 2500 * shift);
      if (i === 10 && shift === 1) tf.tidy(() => slice(x, [0], [size]));
    }
  }
});
