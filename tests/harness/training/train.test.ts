import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import { curveLineSchema, type CurveLine } from '../../../harness/training/curve.ts';
import { deriveSeed } from '../../../harness/training/derive-seed.ts';
import type { Trainable } from '../../../harness/training/trainable.ts';
import type { TrainingProgress } from '../../../harness/training/training-stage.ts';
import { trainingSettings } from '../../../harness/training/training-settings.ts';
import { train, type TrainOptions } from '../../../harness/training/train.ts';
import { tinyItems, tinyTrainable } from './tiny-trainable.ts';

const root = mkdtempSync(path.join(tmpdir(), 'train-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => path.join(root, `${folders++}`);

const settingsOf = (given: Readonly<Record<string, unknown>> = {}) =>
  z
    .strictObject(trainingSettings({ steps: 12, batch: 4, microBatch: 3, learningRate: 0.05, saveEvery: 5 }))
    .parse(given);

/** Steps whose items are looked at. */
type Seen = (readonly number[])[];

/** w [1] that is drawn to the items: loss (w - x)^2, with noise by the seed as dropout has it. Its items' length is `length(x)`. */
function quadratic(seen: Seen = [], length = (x: number): number => x): Trainable<number> {
  const variable = tf.tidy(() => tf.variable(tf.tensor1d([0])));
  const mean = (items: readonly number[], f: (x: number) => number): number => items.reduce((sum, x) => sum + f(x), 0) / items.length; // prettier-ignore
  const w = (): number => variable.dataSync()[0]!;
  return {
    variables: [{ name: 'w', variable }],
    tokens: length,
    gradients: (items, seed) => {
      seen.push([...items]);
      const noise = (deriveSeed(seed) % 1000) / 1e5;
      const loss = mean(items, (x) => (w() - x) ** 2);
      return {
        terms: { loss: tf.scalar(loss), distance: tf.scalar(Math.sqrt(loss)) },
        gradients: [tf.tensor1d([mean(items, (x) => 2 * (w() - x) + noise)])],
      };
    },
    evaluate: (items) => ({ loss: tf.scalar(mean(items, (x) => (w() - x) ** 2)) }),
    dispose: () => variable.dispose(),
  };
}

const ITEMS = [1, 2, 3, 4, 5, 6, 7];

/** Trains w anew in a folder, and gives its value. */
async function trainW(
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
  { items = ITEMS, trainable = quadratic(), ...options }: Partial<TrainOptions<number>> & { items?: readonly number[]; trainable?: Trainable<number> } = {}, // prettier-ignore
): Promise<number> {
  try {
    await train(trainable, items, settingsOf(settings), { folder, seed: 1, onProgress: () => undefined, ...options });
    return trainable.variables[0]!.variable.dataSync()[0]!;
  } finally {
    trainable.dispose();
  }
}

function curveOf(folder: string): CurveLine[] {
  const lines = readFileSync(path.join(folder, 'curve.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => curveLineSchema.parse(JSON.parse(line)));
}

const withoutTimes = (lines: readonly CurveLine[]): object[] => lines.map((line) => ({ ...line, ms: 0 }));

test('a LoRA learns; its folder then has weights by name, a curve with each step, and nothing else', async () => {
  const folder = newFolder();
  const trainable = await tinyTrainable(path.join(folder, 'model'));
  const place = path.join(folder, 'training');
  const told: TrainingProgress[] = [];
  const settings = settingsOf({
    steps: 15,
    batch: 6,
    microBatch: 3,
    learningRate: 5e-3,
    validation: { share: 0.2, every: 5 },
  });
  const frozen = [{ name: 'memory_embeddings', variable: tf.tidy(() => tf.variable(tf.ones([2, 3]))) }];
  await train(trainable, tinyItems(20), settings, {
    folder: place,
    seed: 1,
    frozen,
    onProgress: (each) => told.push(each),
  });
  assert.deepEqual(readdirSync(place).sort(), ['curve.jsonl', 'weights.safetensors']);
  const curve = curveOf(place);
  const steps = curve.filter((line) => 'terms' in line);
  assert.deepEqual(steps.map(({ step }) => step), Array.from({ length: 15 }, (_, i) => i + 1)); // prettier-ignore
  assert.deepEqual(
    curve.filter((line) => 'validation' in line).map(({ step }) => step),
    [5, 10, 15],
  );
  const losses = steps.map(({ terms }) => terms['loss']!);
  assert.ok(losses[14]! < losses[0]! - 0.5, `the loss goes from ${losses[0]} to ${losses[14]}`);
  assert.equal(told.length, 15);
  for (const { steps: all, terms, tokensPerSecond, secondsLeft, peakMemoryBytes } of told) {
    assert.equal(all, 15);
    assert.ok(terms['loss']! > 0 && tokensPerSecond > 0 && secondsLeft! >= 0 && peakMemoryBytes > 1e7);
  }
  assert.equal(told[14]!.secondsLeft, 0);
  const source = await openSafetensors([path.join(place, 'weights.safetensors')]);
  const names = [...trainable.variables.map(({ name }) => name), 'memory_embeddings'];
  assert.deepEqual(source.names(), names.sort());
  const plain = trainable.variables.find(({ order }) => !order)!;
  assert.deepEqual(await source.read(plain.name), plain.variable.dataSync());
  await source.close();
  const before = tf.memory().numTensors;
  const options = { folder: newFolder(), seed: 1, frozen, onProgress: () => undefined };
  await train(trainable, tinyItems(20), { ...settings, steps: 2 }, options);
  assert.equal(tf.memory().numTensors, before);
  tf.dispose(frozen.map(({ variable }) => variable));
  trainable.dispose();
});

test('ended after any step and called again, it goes on: the same weights and the same curve', async () => {
  const settings = { validation: { share: 0.2, every: 2 } };
  const undisturbed = newFolder();
  const expected = await trainW(undisturbed, settings);
  for (let last = 1; last <= 12; last++) {
    const folder = newFolder();
    const ending = trainW(folder, settings, { onProgress: ({ step }) => assert.notEqual(step, last, 'ended') });
    await assert.rejects(ending, /ended/);
    assert.equal(existsSync(path.join(folder, 'checkpoint.json')), last > 5);
    const steps: number[] = [];
    assert.equal(await trainW(folder, settings, { onProgress: ({ step }) => steps.push(step) }), expected);
    assert.equal(steps[0], 5 * Math.floor((last - 1) / 5) + 1);
    assert.deepEqual(readFileSync(path.join(folder, 'weights.safetensors')), readFileSync(path.join(undisturbed, 'weights.safetensors'))); // prettier-ignore
    assert.deepEqual(withoutTimes(curveOf(folder)), withoutTimes(curveOf(undisturbed)));
    assert.deepEqual(readdirSync(folder).sort(), ['curve.jsonl', 'weights.safetensors']);
  }
});

test('where it had come to its end, only the weights are read', async () => {
  const folder = newFolder();
  const expected = await trainW(folder);
  const curve = readFileSync(path.join(folder, 'curve.jsonl'));
  const seen: Seen = [];
  assert.equal(await trainW(folder, {}, { trainable: quadratic(seen) }), expected);
  assert.deepEqual(seen, []);
  assert.deepEqual(readFileSync(path.join(folder, 'curve.jsonl')), curve);
});

test('checkpoints of another training are refused', async () => {
  const folder = newFolder();
  const end = { onProgress: ({ step }: TrainingProgress) => assert.notEqual(step, 6, 'ended') };
  await assert.rejects(trainW(folder, {}, end), /ended/);
  for (const other of [{ settings: { learningRate: 0.04 } }, { seed: 2 }, { items: [1, 2, 3] }] as const) {
    const { settings = {}, ...options } = { settings: {}, ...other };
    await assert.rejects(trainW(folder, settings, options), { name: 'InputError', message: /expected a checkpoint of the training/ }); // prettier-ignore
  }
  await trainW(folder);
  await assert.rejects(trainW(newFolder(), {}, { items: [] }), { name: 'InputError', message: /at least one item/ });
});

test('a loss that is not a number stops with step and items; all steps before are kept', async () => {
  const folder = newFolder();
  const expected = await trainW(newFolder());
  let calls = 0;
  const failing = (): Trainable<number> => {
    const good = quadratic();
    // Two micro-batches a step: the second of step 8.
    return { ...good, gradients: (items, seed) => {
      const result = good.gradients(items, seed);
      if (++calls !== 16) return result;
      result.terms.loss.dispose();
      return { ...result, terms: { ...result.terms, loss: tf.scalar(NaN) } };
    } }; // prettier-ignore
  };
  await assert.rejects(trainW(folder, {}, { trainable: failing(), nameOf: (x) => `question-${x}` }), {
    name: 'MachineError',
    message: /stopped at step 8: loss is NaN on question-\d .*not-a-number\.json.*; the checkpoint of step 7 stays/,
  });
  const written = JSON.parse(readFileSync(path.join(folder, 'not-a-number.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual([written['step'], written['what'], (written['items'] as string[]).length], [8, 'loss is NaN', 1]);
  const steps: number[] = [];
  assert.equal(await trainW(folder, {}, { onProgress: ({ step }) => steps.push(step) }), expected);
  assert.equal(steps[0], 8);
});

test('a gradient that is not a number stops before it reaches the weights; so does a validation loss', async () => {
  const good = quadratic();
  const gradients: Trainable<number>['gradients'] = (items, seed) => {
    const result = good.gradients(items, seed);
    tf.dispose(result.gradients);
    return { ...result, gradients: [tf.tensor1d([Infinity])] };
  };
  await assert.rejects(trainW(newFolder(), {}, { trainable: { ...good, gradients } }), {
    name: 'MachineError',
    message: /step 1: the norm of the gradients is Infinity on item \d.*; there is no checkpoint yet/,
  });
  const validating = quadratic();
  const evaluate = () => ({ loss: tf.scalar(NaN) });
  await assert.rejects(
    trainW(newFolder(), { validation: { share: 0.2, every: 6 } }, { trainable: { ...validating, evaluate } }),
    {
      name: 'MachineError',
      message: /step 6: loss is NaN on item \d .*; the checkpoint of step 5 stays/,
    },
  );
});

test('patience ends it, and the weights are those of the best validation', async () => {
  const settings = { steps: 40, schedule: 'constant', warmup: 0, learningRate: 0.5, saveEvery: 3 };
  const folder = newFolder();
  // Drawn to 1..7, held out is 2: w passes by.
  const validation = { share: 0, every: 1, patience: 4 };
  const w = await trainW(folder, { ...settings, validation }, { validationItems: [2] });
  const validations = curveOf(folder).filter((line) => 'validation' in line);
  const best = validations.reduce((a, b) => (b.validation['loss']! < a.validation['loss']! ? b : a));
  assert.equal(validations.at(-1)!.step, best.step + 4);
  assert.ok(best.step > 1 && best.step < 30);
  assert.equal(w, await trainW(newFolder(), { ...settings, steps: best.step }));
  assert.ok(Math.abs((w - 2) ** 2 - best.validation['loss']!) < 1e-6);
  const source = await openSafetensors([path.join(folder, 'weights.safetensors')]);
  assert.deepEqual(Array.from(await source.read('w')), [w]);
  await source.close();
});

test('whatever their lengths, the same items come in the same steps; micro-batches are packed by length', async () => {
  const [up, down]: [Seen, Seen] = [[], []];
  await trainW(newFolder(), { microBatch: 2 }, { trainable: quadratic(up) });
  await trainW(newFolder(), { microBatch: 2 }, { trainable: quadratic(down, (x) => 100 - x) });
  assert.equal(up.length, 24);
  for (let step = 0; step < 12; step++) {
    const [ascending, descending] = [up, down].map((seen) => seen.slice(2 * step, 2 * step + 2).flat());
    assert.deepEqual(ascending, [...descending!].reverse());
    assert.deepEqual(ascending, [...ascending].sort());
  }
});
