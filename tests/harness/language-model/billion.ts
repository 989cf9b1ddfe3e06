// A model of 1.1 billion random parameters (TinyLlama's shape) is loaded and answers two prompts; its peak memory must stay under a limit. The files take 2.2 GB
// for as long as it runs.
//
//   node --import tsx tests/harness/language-model/billion.ts [--limit 8] [--tokens 8] [--seed 1]
import { spawn } from 'node:child_process';
import { createCipheriv, type Cipher } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { tinyTokenizer } from './write-tiny-model.ts';

const HELP = `Writes a model of 1.1 billion random bfloat16 parameters in shards to a temporary folder, loads it in a process of its own, continues two prompts, and prints JSON.
Ends with exit code 1 where the process needed more memory than the limit.

  --limit GB    most memory allowed, 10^9 bytes (8)
  --tokens N    new tokens a prompt (8)
  --seed N      of the weights (1)
`;

/** TinyLlama-1.1B. */
const SHAPE = { hidden: 2048, layers: 22, heads: 32, keyValueHeads: 4, intermediate: 5632, vocabulary: 32_000 };
/** About so many bytes a shard: several shards, as models of this size are published. */
const SHARD_BYTES = 600e6;
const PIECE_BYTES = 8 * 1024 * 1024;

interface Measured {
  readonly parameters: number;
  readonly loadSeconds: number;
  readonly answerSeconds: number;
  readonly tokens: readonly (readonly number[])[];
  readonly rssAfterLoading: number;
  readonly peakRss: number;
}

type Shaped = readonly [name: string, shape: readonly number[]];

function tensors(): Shaped[] {
  const { hidden, layers, heads, keyValueHeads, intermediate, vocabulary } = SHAPE;
  const width = (hidden / heads) * keyValueHeads;
  const blocks = Array.from({ length: layers }, (_, layer) =>
    Object.entries({
      'self_attn.q_proj': [hidden, hidden],
      'self_attn.k_proj': [width, hidden],
      'self_attn.v_proj': [width, hidden],
      'self_attn.o_proj': [hidden, hidden],
      'mlp.gate_proj': [intermediate, hidden],
      'mlp.up_proj': [intermediate, hidden],
      'mlp.down_proj': [hidden, intermediate],
      input_layernorm: [hidden],
      post_attention_layernorm: [hidden],
    }).map(([name, shape]): Shaped => [`model.layers.${layer}.${name}.weight`, shape]),
  );
  return [
    ['model.embed_tokens.weight', [vocabulary, hidden]],
    ...blocks.flat(),
    ['model.norm.weight', [hidden]],
    ['lm_head.weight', [vocabulary, hidden]],
  ];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Writes bfloat16 values of random sign between 2^-7 and 2^-5 (their root mean square is 0.019, as of a freshly initialised model). */
function writeRandom(file: number, count: number, random: Cipher): void {
  for (let left = 2 * count; left > 0; left -= PIECE_BYTES) {
    const piece = random.update(Buffer.alloc(Math.min(PIECE_BYTES, left)));
    const pairs = new Uint32Array(piece.buffer, piece.byteOffset, piece.length / 4);
    for (let i = 0; i < pairs.length; i++) pairs[i] = (pairs[i]! & 0x80ff80ff) | 0x3c003c00;
    writeSync(file, piece);
  }
}

function writeShard(file: string, shard: readonly Shaped[], random: Cipher): void {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, shape] of shard) {
    const end = offset + 2 * sizeOf(shape);
    header[name] = { dtype: 'BF16', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const handle = openSync(file, 'w');
  try {
    writeSync(handle, Buffer.concat([length, text]));
    for (const [name, shape] of shard) {
      if (name.includes('norm')) writeSync(handle, Buffer.from(new Uint16Array(sizeOf(shape)).fill(0x3f80).buffer));
      else writeRandom(handle, sizeOf(shape), random);
    }
  } finally {
    closeSync(handle);
  }
}

function writeModel(folder: string, seed: number): void {
  const shards: Shaped[][] = [];
  let room = 0;
  for (const tensor of tensors()) {
    const bytes = 2 * sizeOf(tensor[1]);
    if (bytes > room) {
      shards.push([]);
      room = SHARD_BYTES;
    }
    shards.at(-1)!.push(tensor);
    room -= bytes;
  }
  const key = Buffer.alloc(16);
  key.writeDoubleLE(seed);
  const random = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const weightMap: Record<string, string> = {};
  for (const [at, shard] of shards.entries()) {
    const file = `model-${String(at + 1).padStart(5, '0')}-of-${String(shards.length).padStart(5, '0')}.safetensors`;
    for (const [name] of shard) weightMap[name] = file;
    writeShard(path.join(folder, file), shard, random);
  }
  const write = (name: string, content: object): void =>
    writeFileSync(path.join(folder, name), JSON.stringify(content, null, 2));
  write('model.safetensors.index.json', { metadata: {}, weight_map: weightMap });
  write('tokenizer.json', tinyTokenizer(SHAPE.vocabulary));
  write('config.json', {
    ...{ model_type: 'llama', torch_dtype: 'bfloat16', tie_word_embeddings: false, eos_token_id: 2, bos_token_id: 1 },
    ...{ hidden_size: SHAPE.hidden, intermediate_size: SHAPE.intermediate, vocab_size: SHAPE.vocabulary },
    ...{ num_hidden_layers: SHAPE.layers, num_attention_heads: SHAPE.heads },
    ...{ num_key_value_heads: SHAPE.keyValueHeads, rms_norm_eps: 1e-5, max_position_embeddings: 2048 },
  });
}

/** What the child process does. */
async function measure(folder: string, maxNewTokens: number): Promise<Measured> {
  const { loadLanguageModel } = await import('../../../harness/language-model/load-language-model.ts');
  const began = performance.now();
  const model = await loadLanguageModel(folder);
  const loaded = performance.now();
  const rssAfterLoading = process.memoryUsage.rss();
  const prompts = ['What is the capital of France?', 'Why?'].map((text) => model.tokenizer.encode(text));
  const answers = await model.generate(prompts, { maxNewTokens, endIds: [] });
  return {
    parameters: tensors().reduce((sum, [, shape]) => sum + sizeOf(shape), 0),
    loadSeconds: (loaded - began) / 1000,
    answerSeconds: (performance.now() - loaded) / 1000,
    tokens: answers.map(({ ids }) => ids),
    rssAfterLoading,
    // Kilobytes, on every platform that Node runs on.
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

async function measureInChild(folder: string, tokens: string): Promise<Measured> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, import.meta.filename, '--measure', folder, '--tokens', tokens],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  const measured = await json(child.stdout).catch(() => undefined);
  const [code, signal] = (await exit) as [number | null, string | null];
  if (code !== 0) throw new Error(`loading and answering ended with ${signal ?? `exit code ${code}`}`);
  return measured as Measured;
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    limit: { type: 'string', default: '8' },
    tokens: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    measure: { type: 'string' },
  },
});
if (values.help) process.stdout.write(HELP);
else if (values.measure !== undefined) {
  process.stdout.write(JSON.stringify(await measure(values.measure, Number(values.tokens))));
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'billion-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (remove(), process.exit(1)));
  try {
    writeModel(folder, Number(values.seed));
    const measured = await measureInChild(folder, values.tokens);
    process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
    if (!(measured.peakRss <= Number(values.limit) * 1e9)) process.exitCode = 1;
  } finally {
    remove();
  }
}
