import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { sha256File } from '../files/sha256.ts';
import { openGguf } from '../language-model/weights/gguf.ts';
import { readGgufHeader } from '../language-model/weights/gguf-header.ts';
import { readTensor } from '../language-model/weights/read-tensor.ts';
import { Deviations, type Deviation } from './deviation.ts';

const numbers = z.array(z.number());
const texts = z.array(z.string());

/** Layout of gguf.json. */
export const ggufGoldens = z.object({
  bytes: z.int(),
  sha256: z.string(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  tokens: z.object({ count: z.int(), control_ids: numbers, control: texts, first_normal: texts, last: texts }),
  merges: z.object({ count: z.int(), first: texts, last: texts }),
  missing_bytes: numbers,
  type_counts: z.record(z.string(), z.int()),
  unpermuted: z.object({ q_proj: z.record(z.string(), numbers), k_proj: z.record(z.string(), numbers) }),
  sample_tensors: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      count: z.int(),
      first16: numbers,
      last16: numbers,
      mean: z.number(),
      l2: z.number(),
    }),
  ),
  tensors: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      ne: numbers,
      rows_cols: numbers,
      bytes: z.int(),
      file_offset: z.int(),
    }),
  ),
});

/** The goldens print nine significant digits, which name a float32 exactly. */
const PRINTED = 0;

/** Compares what is read from a GGUF file with the golden values of its header, tokens and weights. */
export async function ggufParity(golden: z.infer<typeof ggufGoldens>, file: string): Promise<Deviation[]> {
  const all = new Deviations();
  all.same(
    'gguf file bytes and hash',
    [(await stat(file)).size, await sha256File(file)],
    [golden.bytes, golden.sha256],
  );
  const handle = await open(file, 'r');
  const gguf = await openGguf(file);
  try {
    const { metadata, tensors } = await readGgufHeader(handle, file);
    for (const [key, value] of Object.entries(golden.metadata))
      all.same('gguf metadata (entries that differ)', metadata.get(key), value);

    const tokens = metadata.get('tokenizer.ggml.tokens') as readonly string[];
    const types = metadata.get('tokenizer.ggml.token_type') as readonly number[];
    const control = types.flatMap((type, id) => (type === 3 ? [id] : []));
    const known = { count: tokens.length, control_ids: control, control: control.map((id) => tokens[id]) };
    const { first_normal, last, ...rest } = golden.tokens;
    all.same('gguf tokens', known, rest);
    const normal = tokens.filter((_, id) => types[id] === 1);
    all.same('gguf tokens', [normal.slice(0, first_normal.length), tokens.slice(-last.length)], [first_normal, last]);
    const merges = metadata.get('tokenizer.ggml.merges') as readonly string[];
    const { count, first, last: lastMerges } = golden.merges;
    all.same(
      'gguf merges',
      [merges.length, merges.slice(0, first.length), merges.slice(-lastMerges.length)],
      [count, first, lastMerges],
    );
    const single = new Set(tokens);
    const missing = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !single.has(byteCharacter(byte)));
    all.same('gguf bytes without a token', missing, golden.missing_bytes);

    const counts: Record<string, number> = {};
    for (const { type } of tensors.values()) counts[type.name] = (counts[type.name] ?? 0) + 1;
    all.same('gguf tensor types', Object.entries(counts).sort(), Object.entries(golden.type_counts).sort());
    for (const { name, type, ne, rows_cols, bytes, file_offset } of golden.tensors) {
      const got = tensors.get(name);
      const found = got && { type: got.type.name, shape: got.shape, bytes: got.bytes, offset: got.offset };
      all.same('gguf tensors (that differ)', found, { type, shape: rows_cols, bytes, offset: file_offset });
      all.same('gguf tensors (that differ)', got && [...got.shape].reverse(), ne);
    }
    for (const { name, count: size, first16, last16, mean, l2 } of golden.sample_tensors) {
      const values = await readTensor(handle, file, tensors.get(name)!);
      all.same('gguf sample tensors: number of values', values.length, size);
      const exact = (got: Float32Array, expected: readonly number[]): void =>
        all.compare('gguf dequantised values', got, Float32Array.from(expected), PRINTED);
      exact(values.subarray(0, 16), first16);
      exact(values.subarray(-16), last16);
      let sum = 0;
      let squares = 0;
      for (const value of values) {
        sum += value;
        squares += value * value;
      }
      all.compare('gguf sample tensors: mean, relative', sum / size / mean, 1, 1e-8);
      all.compare('gguf sample tensors: L2, relative', Math.sqrt(squares) / l2, 1, 1e-8);
    }
    for (const module of ['q_proj', 'k_proj'] as const) {
      const name = `model.layers.0.self_attn.${module}.weight`;
      const values = await gguf.weights.read(name);
      const columns = gguf.weights.shape(name)![1]!;
      for (const [row, expected] of Object.entries(golden.unpermuted[module])) {
        const from = Number(row) * columns;
        all.compare('gguf q and k rows in Hugging Face order', values.subarray(from, from + expected.length), Float32Array.from(expected), PRINTED); // prettier-ignore
      }
    }
  } finally {
    await handle.close();
    await gguf.weights.close();
  }
  return all.list();
}

/** The character that stands for a byte in GPT-2's byte alphabet: printable Latin-1 for itself, the others from U+0100 on, in order. */
function byteCharacter(byte: number): string {
  const printable = (code: number): boolean =>
    (code >= 33 && code <= 126) || (code >= 161 && code <= 172) || (code >= 174 && code <= 255);
  if (printable(byte)) return String.fromCharCode(byte);
  let place = 0;
  for (let code = 0; code < byte; code++) if (!printable(code)) place++;
  return String.fromCharCode(256 + place);
}
