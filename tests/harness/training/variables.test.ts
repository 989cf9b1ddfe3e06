import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import { writeSafetensors } from '../../../harness/language-model/weights/write-safetensors.ts';
import { loadVariables } from '../../../harness/training/load-variables.ts';
import { saveVariables } from '../../../harness/training/save-variables.ts';
import { withoutLeaks } from './without-leaks.ts';
import type { NamedVariable } from '../../../harness/training/trainable.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'variables-'));
after(() => rmSync(folder, { recursive: true }));

const named = (name: string, values: number[][], order?: readonly number[]): NamedVariable => ({
  ...{ name, order },
  variable: tf.tidy(() => tf.variable(tf.tensor2d(values))),
});

test('the bytes are those of the format: sorted names, a header of a multiple of 8 bytes, values behind one another', async () => {
  const file = path.join(folder, 'bytes.safetensors');
  const tensors = [
    { name: 'b', shape: [2], values: () => Float32Array.of(1, 2) },
    { name: 'a.ü', shape: [1, 3], values: () => new Float32Array([0, 3, 4, 5]).subarray(1) },
    { name: 'scalar', shape: [], values: () => Float32Array.of(6) },
  ];
  await writeSafetensors(file, tensors);
  const bytes = readFileSync(file);
  const header = Number(bytes.readBigUInt64LE());
  assert.equal(header % 8, 0);
  assert.deepEqual(Object.entries(JSON.parse(bytes.toString('utf8', 8, 8 + header)) as object), [
    ['a.ü', { dtype: 'F32', shape: [1, 3], data_offsets: [0, 12] }],
    ['b', { dtype: 'F32', shape: [2], data_offsets: [12, 20] }],
    ['scalar', { dtype: 'F32', shape: [], data_offsets: [20, 24] }],
  ]);
  assert.deepEqual(
    Array.from({ length: 6 }, (_, i) => bytes.readFloatLE(8 + header + 4 * i)),
    [3, 4, 5, 1, 2, 6],
  );
  await writeSafetensors(file, [...tensors].reverse());
  assert.deepEqual(readFileSync(file), bytes);
  assert.deepEqual(readdirSync(folder), ['bytes.safetensors']);
});

test('a matrix that the engine keeps transposed lies in the file as Hugging Face has it, and comes back', () =>
  withoutLeaks(async () => {
    const file = path.join(folder, 'transposed.safetensors');
    // [in, out] = [3, 2]; the two outputs change places in the file.
    const values = [[1, 2], [3, 4], [5, 6]]; // prettier-ignore
    const written = [{ ...named('w', values, [1, 0]), transposed: true }];
    await saveVariables(file, written);
    const source = await openSafetensors([file]);
    assert.deepEqual(source.shape('w'), [2, 3]);
    assert.deepEqual([...(await source.read('w'))], [2, 4, 6, 1, 3, 5]);
    await source.close();
    const read = [{ ...named('w', [[0, 0], [0, 0], [0, 0]], [1, 0]), transposed: true }]; // prettier-ignore
    await loadVariables(file, read);
    assert.deepEqual(read[0]!.variable.arraySync(), values);
    for (const { variable } of [...written, ...read]) variable.dispose();
  }));

test('variables come back to the bit, and lie in the file in the order of Hugging Face', () =>
  withoutLeaks(async () => {
    const file = path.join(folder, 'rows.safetensors');
    const values = [[1, Math.fround(0.1)], [-0, 1e-40], [3e38, 5]]; // prettier-ignore
    // Row 0 of the engine is row 2 of the file, and so on.
    const written = [named('x', values, [2, 0, 1]), named('y', [[7]])];
    await saveVariables(file, written);
    const source = await openSafetensors([file]);
    assert.deepEqual(
      Array.from(await source.read('x')),
      [...values[1]!, ...values[2]!, ...values[0]!].map(Math.fround),
    );
    await source.close();
    const read = [named('x', [[0, 0], [0, 0], [0, 0]], [2, 0, 1])]; // prettier-ignore
    await loadVariables(file, read);
    assert.deepEqual(read[0]!.variable.dataSync(), written[0]!.variable.dataSync());
    for (const { variable } of [...written, ...read]) variable.dispose();
  }));

test('all that is missing or of another shape is said before a variable is changed', async () => {
  const file = path.join(folder, 'wrong.safetensors');
  const written = [named('x', [[1, 2]]), named('y', [[3]])];
  await saveVariables(file, written);
  const read = [named('x', [[0, 0]]), named('y', [[0], [0]]), named('z', [[0]])];
  await assert.rejects(loadVariables(file, read), {
    name: 'InputError',
    problems: [
      `${file}: expected a tensor y of shape [2, 1], got [1, 1]`,
      `${file}: expected a tensor z of shape [1, 1], got none of that name`,
    ],
  });
  assert.deepEqual(Array.from(read[0]!.variable.dataSync()), [0, 0]);
  await assert.rejects(loadVariables(path.join(folder, 'none'), read), { name: 'InputError' });
  for (const { variable } of [...written, ...read]) variable.dispose();
});
