import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';
import { accumulateGradients } from '../../../harness/training/accumulate-gradients.ts';
import { AdamW } from '../../../harness/training/adamw.ts';
import { clipGradients } from '../../../harness/training/clip-gradients.ts';
import { learningRateAt } from '../../../harness/training/learning-rate.ts';
import { withoutLeaks } from './without-leaks.ts';
import golden from './optimiser.json' with { type: 'json' };

const SHAPES = [[2, 2], [3]];

function near(got: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  assert.equal(got.length, expected.length, what);
  expected.forEach((each, i) => assert.ok(Math.abs(got[i]! - each) <= tolerance * Math.max(1e-3, Math.abs(each)), `${what}[${i}]: ${got[i]}, expected ${each}`)); // prettier-ignore
}

test('learning rates are those of transformers', () => {
  const { cosine, cosineWithoutWarmup, constant } = golden.learningRates;
  const cases = [
    [{ steps: 12, learningRate: 1e-4, schedule: 'cosine', warmup: 0.2, floor: 0.1 }, cosine],
    [{ steps: 5, learningRate: 1e-4, schedule: 'cosine', warmup: 0, floor: 0.1 }, cosineWithoutWarmup],
    [{ steps: 6, learningRate: 5e-6, schedule: 'constant', warmup: 0.5, floor: 0.1 }, constant],
  ] as const;
  for (const [settings, expected] of cases) {
    const got = expected.map((_, i) => learningRateAt(i + 1, settings));
    got.forEach((rate, i) => assert.ok(Math.abs(rate - expected[i]!) < 1e-12, `${settings.schedule}, step ${i + 1}: ${rate}, expected ${expected[i]}`)); // prettier-ignore
  }
});

test('clipping and AdamW are those of torch; state that is carried over goes on to the same bits; nothing is left behind', () =>
  withoutLeaks(() => {
    const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
    const start = (values: readonly (readonly number[])[]) =>
      values.map((each, i) => tf.tidy(() => tf.variable(tf.tensor(each as number[], SHAPES[i]))));
    const variables = start(golden.adamw.initial);
    let optimiser = new AdamW(variables, settings);
    let interrupted: { values: Float32Array[]; moments: Float32Array[]; steps: number } | undefined;
    const values = (tensors: readonly Tensor[]): Float32Array[] => tensors.map((tensor) => tensor.dataSync().slice() as Float32Array); // prettier-ignore
    const step = (of: AdamW, { gradients, learningRate, ...expected }: (typeof golden.adamw.steps)[number]): void => {
      const { norm, gradients: clipped } = clipGradients(gradients.map((each, i) => tf.tensor(each, SHAPES[i])), 1); // prettier-ignore
      near([norm], [expected.norm], 1e-6, 'norm');
      clipped.forEach((each, i) => near(each.dataSync(), expected.clipped[i]!, 1e-6, 'clipped'));
      of.step(clipped, learningRate);
      tf.dispose(clipped);
    };
    golden.adamw.steps.forEach((each, i) => {
      if (i === 2) {
        const moments = optimiser.moments.flatMap(({ first, second }) => values([first, second]));
        interrupted = { values: values(variables), moments, steps: optimiser.steps };
      }
      step(optimiser, each);
      variables.forEach((variable, v) => near(variable.dataSync(), each.values[v]!, 1e-6, `values of step ${i + 1}`));
    });
    const ended = values(variables);
    optimiser.dispose();
    tf.dispose(variables);

    const again = start(interrupted!.values.map((each) => Array.from(each)));
    optimiser = new AdamW(again, settings);
    optimiser.steps = interrupted!.steps;
    optimiser.moments
      .flatMap(({ first, second }) => [first, second])
      .forEach((moment, i) => tf.tidy(() => moment.assign(tf.tensor(interrupted!.moments[i]!, moment.shape))));
    step(optimiser, golden.adamw.steps[2]!);
    assert.deepEqual(values(again), ended);
    optimiser.dispose();
    tf.dispose(again);
  }));

test('small gradients, and all where there is no limit, stay as they are; a norm that is not a number is told', () => {
  const cases = [
    [[0.3, -0.4], 1, 0.5],
    [[30, -40], null, 50],
    [[NaN, 1], 1, NaN],
  ] as const;
  for (const [values, limit, expected] of cases) {
    const { norm, gradients } = clipGradients([tf.tensor1d([...values])], limit);
    if (Number.isNaN(expected)) assert.ok(Number.isNaN(norm));
    else near([norm], [expected], 1e-6, 'norm');
    assert.deepEqual(gradients[0]!.dataSync(), Float32Array.from(values));
    tf.dispose(gradients);
  }
});

test('micro-batches are averaged by their items, one after the other, and all but the means is freed', () =>
  withoutLeaks(async () => {
    const seen: (readonly string[])[] = [];
    const compute = (items: readonly string[], index: number) => ({
      terms: { loss: tf.scalar(index + 1), other: tf.scalar(10 * (index + 1)) },
      gradients: [tf.tensor1d([items.length, 0]), tf.tensor2d([[index]])],
    });
    const { terms, gradients } = await accumulateGradients([['a', 'b'], ['c', 'd'], ['e']], compute, (items) => void seen.push(items)); // prettier-ignore
    assert.deepEqual(seen, [['a', 'b'], ['c', 'd'], ['e']]);
    near([terms['loss']!, terms['other']!], [0.4 * 1 + 0.4 * 2 + 0.2 * 3, 18], 1e-6, 'terms');
    near(gradients[0]!.dataSync(), [0.4 * 2 + 0.4 * 2 + 0.2 * 1, 0], 1e-6, 'first gradient');
    near(gradients[1]!.dataSync(), [0.4 * 0 + 0.4 * 1 + 0.2 * 2], 1e-6, 'second gradient');
    tf.dispose(gradients);
    const failing = accumulateGradients([['a'], ['b'], ['c']], compute, ([item]) => assert.notEqual(item, 'b', 'stop'));
    await assert.rejects(failing, /stop/);
  }));

test('variables of one shape are updated together, to the bits that they have alone', () =>
  withoutLeaks(() => {
    const make = (k: number): Tensor[] =>
      Array.from({ length: 4 }, (_, i) => {
        const shape = i === 2 ? [97, 5] : [5, 97];
        return tf.tensor(
          Float32Array.from({ length: 485 }, (_, j) => Math.sin(j * (i + 1 + k) + k)),
          shape,
        );
      });
    const variablesOf = (tensors: readonly Tensor[]) => tensors.map((tensor) => tf.tidy(() => tf.variable(tensor)));
    const start = make(0);
    const [together, alone] = [variablesOf(start), variablesOf(start)];
    const one = new AdamW(together, { weightDecay: 0.1 });
    const each = alone.map((variable) => new AdamW([variable], { weightDecay: 0.1 }));
    for (const step of [1, 2, 3]) {
      const gradients = make(step);
      one.step(gradients, 0.01);
      each.forEach((optimiser, i) => optimiser.step([gradients[i]!], 0.01));
      tf.dispose(gradients);
    }
    together.forEach((variable, i) => assert.deepEqual(variable.dataSync(), alone[i]!.dataSync()));
    for (const optimiser of [one, ...each]) optimiser.dispose();
    tf.dispose([...start, ...together, ...alone]);
  }));
