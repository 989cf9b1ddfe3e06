import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { AdamW } from '../../../harness/training/adamw.ts';
import { Muon } from '../../../harness/training/muon.ts';
import type { NamedVariable } from '../../../harness/training/trainable.ts';
import golden from './muon.json' with { type: 'json' };
import { withoutLeaks } from './without-leaks.ts';

const { shapes, initial, steps } = golden;

function start(): NamedVariable[] {
  return initial.map((values, i) => ({ name: `matrix_${i}`, variable: tf.tidy(() => tf.variable(tf.tensor(values, shapes[i]))) })); // prettier-ignore
}

function valuesOf(variables: readonly NamedVariable[]): number[][] {
  return variables.map(({ variable }) => [...variable.dataSync()]);
}

test('Muon is that of torch with a float32 iteration; state that is carried over goes on to the same bits', () =>
  withoutLeaks(() => {
    const settings = { weightDecay: 0.1, share: () => null };
    const variables = start();
    const muon = new Muon(variables, settings);
    let kept: { values: number[][]; state: number[][] } | undefined;
    const step = (of: Muon, { gradients, learningRate }: (typeof steps)[number]): void => {
      const tensors = gradients.map((values, i) => tf.tensor(values, shapes[i]));
      of.step(tensors, learningRate);
      tf.dispose(tensors);
    };
    steps.forEach((each, i) => {
      if (i === 2) kept = { values: valuesOf(variables), state: valuesOf(muon.state(variables)) };
      step(muon, each);
      valuesOf(variables).forEach((values, v) =>
        values.forEach(
          (value, at) =>
          assert.ok(Math.abs(value - each.values[v]![at]!) < 2e-6, `step ${i + 1}, matrix ${v}, value ${at}: ${value}, expected ${each.values[v]![at]}`), // prettier-ignore
        ),
      );
    });
    const again = start();
    const resumed = new Muon(again, settings);
    resumed.steps = 2;
    const restore = (into: readonly NamedVariable[], values: readonly number[][]): void =>
      into.forEach(({ variable }, i) => tf.tidy(() => variable.assign(tf.tensor(values[i]!, variable.shape))));
    restore(again, kept!.values);
    restore(resumed.state(again), kept!.state);
    step(resumed, steps[2]!);
    assert.deepEqual(valuesOf(again), valuesOf(variables));
    muon.dispose();
    resumed.dispose();
    tf.dispose([...variables, ...again].map(({ variable }) => variable));
  }));

test('what is no matrix goes to AdamW at its share of the learning rate', () => {
  const variables = start().slice(0, 2);
  const alone = start().slice(1, 2);
  const muon = new Muon(variables, { adam: { beta2: 0.98 }, share: (name) => (name === 'matrix_0' ? null : 0.5) });
  const adam = new AdamW([alone[0]!.variable], { beta2: 0.98 });
  for (const { gradients, learningRate } of steps) {
    const tensors = gradients.slice(0, 2).map((values, i) => tf.tensor(values, shapes[i]));
    muon.step(tensors, learningRate);
    adam.step([tensors[1]!], 0.5 * learningRate);
    tf.dispose(tensors);
  }
  assert.deepEqual(valuesOf(variables)[1], valuesOf(alone)[0]);
  assert.notDeepEqual(valuesOf(variables)[0], initial[0]);
  muon.dispose();
  adam.dispose();
  tf.dispose([...variables, ...alone].map(({ variable }) => variable));
});
