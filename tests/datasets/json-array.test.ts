import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readJsonArray } from '../../datasets/json-array.ts';
import { InputError } from '../../harness/errors.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-array-'));
after(() => rm(folder, { recursive: true }));

async function elements(content: string | Uint8Array, key?: string, name = 'array.json'): Promise<unknown[]> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  const values: unknown[] = [];
  for await (const { index, json } of readJsonArray(file, key)) {
    assert.equal(index, values.length);
    values.push(JSON.parse(json.toString('utf8')));
  }
  return values;
}

test('splits at the commas of the array only, whatever the texts hold', async () => {
  const values = [
    1,
    { a: 'x"],[{', b: [1, [2, { c: null }]] },
    'ends in a backslash \\',
    '\\"',
    [],
    {},
    'é荒\u0000',
    true,
  ];
  assert.deepEqual(await elements(JSON.stringify(values)), values);
  assert.deepEqual(await elements(`\ufeff \n${JSON.stringify(values, null, 3)}\n`), values);
  assert.deepEqual(await elements('[ ]'), []);
});

test('finds the array under a key, wherever the key stands, and no other of that name', async () => {
  assert.deepEqual(await elements('{"version":"data","x":{"data":[9]},"data":[1,[2]],"y":[3]}', 'data'), [1, [2]]);
  assert.deepEqual(await elements('{"data":[{"data":[1]}]}', 'data'), [{ data: [1] }]);
});

test('gives the same elements when quotes, escapes and long texts lie across the chunks that are read', async () => {
  // 1 MiB chunks: texts of backslashes and quotes around each border, an element of 3 MiB, two-byte characters at odd places.
  const values: unknown[] = [];
  for (let length = 0; length < 2 ** 20 + 40; length += 40) values.push(`${'\\'.repeat(13)}"é`.repeat(2));
  values.push('x"\\'.repeat(2 ** 20), { end: ['"'] });
  const json = JSON.stringify(values);
  assert.deepEqual(await elements(json), values);
  assert.deepEqual(await elements(`é${json}`.slice(1)), values);
  for (const pad of [1, 2, 3]) assert.deepEqual(await elements(`${' '.repeat(pad)}${json}`), values);
  assert.deepEqual(await elements(gzipSync(json), undefined, 'array.json.gz'), values);
});

test('refuses what is no whole array', async () => {
  for (const [content, key, message] of [
    ['[1, {"a": [2', undefined, /\[1\]: the file ends inside this element: it is cut off/],
    ['["text', undefined, /cut off/],
    ['[1] [2]', undefined, /expected one JSON array and nothing after it/],
    ['[1]]', undefined, /nothing after it/],
    ['{"a": 1}', undefined, /expected one JSON array/],
    ['{"a": [1]}', 'data', /an array under "data"/],
    ['', undefined, /expected one JSON array/],
  ] as const) {
    await assert.rejects(elements(content, key), (error) => error instanceof InputError && message.test(error.message));
  }
  await assert.rejects(elements('[1,]'), SyntaxError); // an empty element, which the caller's parser refuses
});
