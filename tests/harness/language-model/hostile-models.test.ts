import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { InputError } from '../../../harness/errors.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import { ggufBytes, type GgufTensorInput } from './write-gguf.ts';
import { tinyModels, writeTinyModel } from './write-tiny-model.ts';

/** What a mutated model of some kilobytes may cost: the rounds' garbage, not what its header claims to hold. */
const MAX_GROWTH_BYTES = 300 * 1024 * 1024;
/** Lengths and counts that readers trip over. */
const NASTY = [0, 1, 127, 128, 255];

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-'));
  process.env.CLARA_BENCH_HOME = path.join(folder, 'home');
});
after(() => rm(folder, { recursive: true }));

/** Changes a few bytes of the header, or cuts the file, or puts bytes in or takes some out. */
function mutated(bytes: Buffer, header: number, seed: number): Buffer {
  const random = xoroshiro128plus(seed);
  const upTo = (most: number) => uniformInt(random, 0, most);
  let copy = Buffer.from(bytes);
  for (let i = upTo(3); i >= 0; i--) {
    const at = upTo(header - 1);
    const kind = upTo(9);
    if (kind === 0) copy = copy.subarray(0, at);
    else if (kind === 1) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + upTo(8))]);
    else if (kind === 2)
      copy = Buffer.concat([copy.subarray(0, at), Buffer.alloc(1 + upTo(8), upTo(255)), copy.subarray(at)]);
    else if (at < copy.length) copy[at] = kind < 6 ? NASTY[upTo(NASTY.length - 1)]! : upTo(255);
  }
  return copy;
}

/** Opens the model and reads all of it; bad input may be refused, nothing else may happen. Gives whether it was refused. */
async function refused(place: string, what: string): Promise<boolean> {
  try {
    const { weights, tokenizer, config } = await openModelFiles(place);
    try {
      assert.ok(config.layers >= 1);
      tokenizer.decode(tokenizer.encode('Hello, world 12!'));
      for (const name of weights.names()) {
        const values = await weights.read(name).catch((error: unknown) => {
          assert.ok(error instanceof InputError, `${what}: ${String(error)}`);
        });
        if (values)
          assert.equal(
            values.length,
            weights.shape(name)!.reduce((product, size) => product * size, 1),
          );
      }
      return false;
    } finally {
      await weights.close();
    }
  } catch (error) {
    assert.ok(error instanceof InputError, `${what}: ${error instanceof Error ? error.stack : String(error)}`);
    assert.ok(error.message.length < 10_000, what);
    return true;
  }
}

async function fuzz(rounds: number, bytes: Buffer, header: number, place: string, file: string): Promise<void> {
  await writeFile(file, bytes);
  assert.equal(await refused(place, 'the whole model'), false);
  const before = process.memoryUsage();
  let refusals = 0;
  let most = 0;
  for (let seed = 0; seed < rounds; seed++) {
    await writeFile(file, mutated(bytes, header, seed));
    if (await refused(place, `seed ${seed}`)) refusals++;
    const { rss } = process.memoryUsage();
    most = Math.max(most, rss - before.rss);
  }
  assert.ok(refusals > rounds / 2, `${refusals} of ${rounds} refused`);
  assert.ok(most < MAX_GROWTH_BYTES, `grew by ${most} bytes`);
}

test('mutated GGUF files are refused or read right, in bounded memory', async () => {
  const size = 32;
  const rows = (count: number, columns = size): GgufTensorInput => ({
    ggml: 0,
    shape: columns === 1 ? [count] : [count, columns],
    bytes: new Uint8Array(4 * count * columns),
  });
  const tokens = ['<s>', '</s>', ...'!,.Ġ0123456789abcdefghijklmnopqrstuvwxyzHW'];
  const metadata = {
    'general.architecture': 'llama',
    'llama.block_count': 1,
    'llama.context_length': 64,
    'llama.embedding_length': size,
    'llama.feed_forward_length': size,
    'llama.attention.head_count': 2,
    'llama.attention.head_count_kv': 1,
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-5 },
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'smollm',
    'tokenizer.ggml.tokens': [...tokens, 'll', 'he'],
    'tokenizer.ggml.token_type': { i32s: [3, 3, ...Array<number>(tokens.length).fill(1)] },
    'tokenizer.ggml.merges': ['l l', 'h e'],
    'tokenizer.ggml.eos_token_id': 1,
    'tokenizer.chat_template': '{% for m in messages %}{{ m.content }}{% endfor %}',
  };
  const tensors = {
    'token_embd.weight': rows(tokens.length + 2),
    'output_norm.weight': rows(size, 1),
    'blk.0.attn_q.weight': rows(size),
    'blk.0.attn_k.weight': rows(size / 2),
    'blk.0.ffn_down.weight': { ggml: 8, shape: [size, size], bytes: new Uint8Array(34 * size) },
  };
  const bytes = ggufBytes(metadata, tensors);
  const data = Object.values(tensors).reduce((sum, tensor) => sum + Math.ceil(tensor.bytes.length / 32) * 32, 0);
  const file = path.join(folder, 'model.gguf');
  await fuzz(500, bytes, bytes.length - data, file, file);
});

test('mutated safetensors files, configurations and tokenizers are refused or read right, in bounded memory', async () => {
  const place = path.join(folder, 'model');
  await mkdir(place);
  await writeTinyModel(place, tinyModels['llama, linear rotation']!);
  for (const [name, rounds] of [
    ['model.safetensors', 300],
    ['config.json', 150],
    ['tokenizer.json', 250],
  ] as const) {
    const file = path.join(place, name);
    const bytes = await readFile(file);
    const header = name === 'model.safetensors' ? 8 + Number(bytes.readBigUInt64LE()) : bytes.length;
    await fuzz(rounds, bytes, header, place, file).finally(() => writeFile(file, bytes));
  }
});
