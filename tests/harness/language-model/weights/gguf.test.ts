import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../harness/errors.ts';
import { openGguf } from '../../../../harness/language-model/weights/gguf.ts';
import quantised from '../quantised.json' with { type: 'json' };
import { ggufBytes, type GgufTensorInput } from '../write-gguf.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gguf-'));
});
after(() => rm(folder, { recursive: true }));

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, `${name}.gguf`);
  await writeFile(file, bytes);
  return file;
}

test('each type is unpacked bit for bit as the Python package gguf does it', async () => {
  const tensors: Record<string, GgufTensorInput> = {};
  for (const [name, { ggml, shape, bytes }] of Object.entries(quantised.types)) {
    tensors[name] = { ggml, shape, bytes: Buffer.from(bytes, 'hex') };
  }
  const { weights } = await openGguf(await write('types', ggufBytes({ 'general.architecture': 'qwen2' }, tensors)));
  for (const [name, expected] of Object.entries(quantised.types)) {
    assert.deepEqual(weights.shape(name), expected.shape);
    const values = await weights.read(name);
    assert.deepEqual([...values.subarray(0, 8)], expected.first, name);
    assert.equal(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'), expected.sha256, name);
  }
  await weights.close();
});

test('rows of q and k are put into the order of Hugging Face for llama, and left for other architectures', async () => {
  // Two query heads and one key head of size 4: rows 0, 2 and 1, 3 of each head are the halves.
  const rows = (count: number) => ({
    ggml: 0,
    shape: [count, 1],
    bytes: new Uint8Array(Float32Array.from({ length: count }, (_, row) => row).buffer),
  });
  const tensors = { 'blk.3.attn_q.weight': rows(8), 'blk.3.attn_k.weight': rows(4), 'blk.3.attn_v.weight': rows(4) };
  const read = async (architecture: string) => {
    const metadata = {
      'general.architecture': architecture,
      'llama.attention.head_count': 2,
      'llama.attention.head_count_kv': 1,
    };
    const { weights } = await openGguf(await write(architecture, ggufBytes(metadata, tensors)));
    const values = [];
    for (const kind of ['q', 'k', 'v']) {
      values.push([...(await weights.read(`model.layers.3.self_attn.${kind}_proj.weight`))]);
    }
    await weights.close();
    return values;
  };
  assert.deepEqual(await read('llama'), [
    [0, 2, 1, 3, 4, 6, 5, 7],
    [0, 2, 1, 3],
    [0, 1, 2, 3],
  ]);
  assert.deepEqual((await read('qwen3'))[0], [0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a wrong header is refused with its place', async () => {
  const whole = ggufBytes(
    { 'general.architecture': 'llama', 'some.list': ['a', 'b'] },
    { 'output.weight': { ggml: 0, shape: [2, 4], bytes: new Uint8Array(32) } },
  );
  const changed = (at: number, value: bigint) => {
    const bytes = Buffer.from(whole);
    bytes.writeBigUInt64LE(value, at);
    return bytes;
  };
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(0), /byte 0: the file ends inside the magic number: 4 bytes expected, 0 left/],
    ['other', Buffer.from('PK\u0003\u0004 and so on'), /expected a GGUF file .* got "PK/],
    [
      'cut',
      whole.subarray(0, whole.length - 1),
      /tensor "output\.weight" ends at byte \d+, but the file has \d+ bytes/,
    ],
    ['cut-header', whole.subarray(0, 60), /the file ends inside/],
    ['tensors', changed(8, 2n ** 40n), /1099511627776 tensors: expected at most 100000/],
    ['keys', changed(16, 60_000n), /60000 metadata keys: expected at most 65536, and at most \d+ fit into the rest/],
    ['key', changed(24, 2n ** 62n), /the length of the name of metadata key 0: 4611686018427387904 is too large/],
    [
      'version',
      Buffer.concat([Buffer.from('GGUF'), Buffer.from([0, 0, 0, 3]), whole.subarray(8)]),
      /GGUF version 2 or 3/,
    ],
  ];
  for (const [name, bytes, message] of cases) {
    const file = await write(name, bytes);
    await assert.rejects(openGguf(file), (error) => {
      assert.ok(error instanceof InputError, name);
      assert.match(error.message, message);
      return error.message.startsWith(`${file}: `);
    });
  }
  const tensor = (ggml: number, shape: number[]) => ggufBytes({}, { t: { ggml, shape, bytes: new Uint8Array(64) } });
  for (const [name, bytes, message] of [
    ['type', tensor(10, [1, 256]), /ggml type 10 is not supported; expected one of F32/],
    ['row', tensor(8, [2, 33]), /rows of a multiple of 32 \(Q8_0\), got \[2, 33\]/],
    ['dimensions', tensor(0, [1, 1, 1, 1, 1]), /expected 1 to 4 dimensions, got 5/],
    ['none', tensor(0, [0, 4]), /expected sizes of at least 1/],
  ] as const) {
    await assert.rejects(openGguf(await write(name, bytes)), message);
  }
});

test('a missing file and a missing tensor are bad input', async () => {
  await assert.rejects(openGguf(path.join(folder, 'nowhere.gguf')), /expected a GGUF file, got ENOENT/);
  const { weights } = await openGguf(await write('empty-model', ggufBytes({}, {})));
  await assert.rejects(weights.read('lm_head.weight'), /expected a tensor lm_head\.weight, got none/);
  await weights.close();
});
