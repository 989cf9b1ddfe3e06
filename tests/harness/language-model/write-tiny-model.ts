import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fixtures from './architectures.json' with { type: 'json' };

/** A tiny model of architectures.json: its config.json, its tensors' shapes, and what transformers computes with it. */
export interface TinyModel {
  readonly config: Readonly<Record<string, unknown>> & { readonly vocab_size: number };
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly inverseFrequencies: readonly number[];
  readonly rotaryScale: number;
  readonly ids: readonly number[];
  /** Logits by position. */
  readonly logits: Readonly<Record<string, readonly number[]>>;
}

/** The models of architectures.json by name. */
export const tinyModels = fixtures.models as unknown as Readonly<Record<string, TinyModel>>;

/** 32-bit hash of a flat index: MurmurHash3's finaliser over seed + index * 0x9E3779B1. */
function hash(seed: number, index: number): number {
  let x = (seed + Math.imul(index, 0x9e3779b1)) >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A tensor's values by the formula of make-architectures.py. */
export function tinyTensor(name: string, shape: readonly number[]): Float32Array {
  let seed = 0x811c9dc5;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 0x01000193) >>> 0;
  const base = name.includes('norm') ? 1 : 0;
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, (_, index) => base + ((hash(seed, index) >>> 16) - 32768) * 2 ** -18);
}

/** The bytes of a safetensors file of float32 tensors. */
function safetensorsOf(tensors: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** A byte-level tokenizer.json of one token a byte (as far as the vocabulary reaches) and three control tokens before them. */
export function tinyTokenizer(vocabularySize: number): object {
  const added = ['<pad>', '<s>', '</s>'].map((content, id) => ({
    ...{ id, content, special: true, normalized: false, single_word: false, lstrip: false, rstrip: false },
  }));
  const vocab = Object.fromEntries([
    ...added.map(({ content, id }) => [content, id]),
    ...Array.from({ length: Math.min(94, vocabularySize - 4) }, (_, i) => [String.fromCharCode(33 + i), 3 + i]),
    ['Ġ', Math.min(97, vocabularySize - 1)],
  ]);
  return {
    version: '1.0',
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', unk_token: null, vocab, merges: [] },
  };
}

/** Writes a model folder in Hugging Face's layout: config.json, model.safetensors (or two shards with an index) and tokenizer.json. */
export async function writeTinyModel(folder: string, model: TinyModel, shards: 1 | 2 = 1): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(model.config, null, 2));
  await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer(model.config.vocab_size)));
  const tensors = Object.entries(model.tensors).map(
    ([name, shape]) => [name, { shape, values: tinyTensor(name, shape) }] as const,
  );
  if (shards === 1) {
    await writeFile(path.join(folder, 'model.safetensors'), safetensorsOf(Object.fromEntries(tensors)));
    return;
  }
  const half = Math.ceil(tensors.length / 2);
  const weightMap: Record<string, string> = {};
  for (const [index, part] of [tensors.slice(0, half), tensors.slice(half)].entries()) {
    const file = `model-0000${index + 1}-of-00002.safetensors`;
    for (const [name] of part) weightMap[name] = file;
    await writeFile(path.join(folder, file), safetensorsOf(Object.fromEntries(part)));
  }
  await writeFile(
    path.join(folder, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: {}, weight_map: weightMap }),
  );
}
