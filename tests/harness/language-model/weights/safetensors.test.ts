import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../harness/errors.ts';
import { openSafetensors } from '../../../../harness/language-model/weights/safetensors.ts';
import quantised from '../quantised.json' with { type: 'json' };

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'safetensors-'));
});
after(() => rm(folder, { recursive: true }));

/** A file with this header text and so many bytes of data. */
function fileOf(header: string, data: Uint8Array = new Uint8Array(0), length = Buffer.byteLength(header)): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([prefix, Buffer.from(header), data]);
}

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

const tensor = (dtype: string, shape: number[], from: number, to: number) =>
  `{"dtype":"${dtype}","shape":${JSON.stringify(shape)},"data_offsets":[${from},${to}]}`;

test('F32, F16, BF16 and F64 are read by their own range', async () => {
  const parts = [];
  const entries = [];
  let at = 0;
  for (const name of ['F16', 'F32', 'BF16', 'F64'] as const) {
    const { shape, bytes } = quantised.types[name];
    const data = Buffer.from(bytes, 'hex');
    entries.push(`"${name}":${tensor(name, shape, at, at + data.length)}`);
    parts.push(data);
    at += data.length;
  }
  entries.push(`"whole numbers":${tensor('I64', [1], at, at + 8)}`);
  const header = `{"__metadata__":{"format":"pt"},${entries.join(',')}}`;
  const file = await write('types.safetensors', fileOf(header, Buffer.concat([...parts, Buffer.alloc(8)])));
  const weights = await openSafetensors([file]);
  for (const name of ['F16', 'F32', 'BF16', 'F64'] as const) {
    assert.deepEqual([...(await weights.read(name)).subarray(0, 8)], quantised.types[name].first);
    assert.deepEqual(weights.shape(name), quantised.types[name].shape);
  }
  await assert.rejects(weights.read('whole numbers'), /expected F32, F16, BF16 or F64, got I64/);
  await assert.rejects(weights.read('other'), /expected a tensor other, got none/);
  await weights.close();
});

test('a hostile header is refused with its place', async () => {
  const data = new Uint8Array(16);
  const cases: [string, Buffer, RegExp][] = [
    ['short', Buffer.alloc(7), /expected a safetensors file, got 7 bytes/],
    ['length', fileOf('{}', data, 2 ** 40), /the header's length is 1099511627776; expected at most 18/],
    ['json', fileOf('{"a":'), /expected a header of JSON/],
    ['list', fileOf('[]'), /expected record/],
    ['dtype', fileOf(`{"a":${tensor('F3', [4], 0, 16)}}`, data), /tensor "a": dtype: expected one of BOOL/],
    ['size', fileOf(`{"a":${tensor('F32', [5], 0, 16)}}`, data), /its place is \[0, 16\], but F32 \[5\] has 20 bytes/],
    ['overflow', fileOf(`{"a":${tensor('F32', [2 ** 40, 2 ** 40], 0, 16)}}`, data), /its place is \[0, 16\], but F32/],
    ['negative', fileOf(`{"a":${tensor('F32', [-4], 0, 16)}}`, data), /shape\[0\]/],
    ['backwards', fileOf(`{"a":${tensor('F32', [4], 16, 0)}}`, data), /its place is \[16, 0\]/],
    ['outside', fileOf(`{"a":${tensor('F32', [8], 0, 32)}}`, data), /the tensors have 32 bytes, the file has 16/],
    ['tail', fileOf(`{"a":${tensor('F32', [2], 0, 8)}}`, data), /the tensors have 8 bytes, the file has 16/],
    ['gap', fileOf(`{"a":${tensor('F32', [2], 8, 16)}}`, data), /tensor "a": expected to start at 0, .* got 8/],
    [
      'overlap',
      fileOf(`{"a":${tensor('F32', [3], 0, 12)},"b":${tensor('F32', [2], 8, 16)}}`, data),
      /tensor "b": expected to start at 12, .* got 8/,
    ],
    [
      'twice',
      fileOf(`{"a":${tensor('F32', [4], 0, 16)},"a":${tensor('I32', [4], 0, 16)}}`, data),
      /expected every tensor's name once/,
    ],
    ['dimensions', fileOf(`{"a":${tensor('F32', Array<number>(9).fill(1), 0, 4)}}`, data), /shape/],
  ];
  for (const [name, bytes, message] of cases) {
    const file = await write(`${name}.safetensors`, bytes);
    await assert.rejects(openSafetensors([file]), (error) => {
      assert.ok(error instanceof InputError, name);
      assert.match(error.message, message, name);
      return error.message.startsWith(file);
    });
  }
});

test('shards: each tensor is where the index says, and once', async () => {
  const one = await write('a.safetensors', fileOf(`{"x":${tensor('F32', [1], 0, 4)}}`, new Uint8Array(4)));
  const two = await write(
    'b.safetensors',
    fileOf(`{"x":${tensor('F32', [1], 0, 4)}}`, new Uint8Array([0, 0, 128, 63])),
  );
  await assert.rejects(openSafetensors([one, two]), /b\.safetensors: tensor "x" is in .*a\.safetensors too/);
  const weights = await openSafetensors([one, two], { x: 'b.safetensors' });
  assert.deepEqual([...(await weights.read('x'))], [1]);
  await weights.close();
  await assert.rejects(
    openSafetensors([one, two], { x: 'b.safetensors', y: 'a.safetensors' }),
    /a\.safetensors: expected a tensor "y", as the index says, got none/,
  );
  await assert.rejects(
    openSafetensors([path.join(folder, 'none.safetensors')]),
    /expected a safetensors file, got ENOENT/,
  );
});
