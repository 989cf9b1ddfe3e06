/** A value of GGUF metadata as the test writes it: a text, a number (uint32, or float32 where `f32` says so), a boolean or a list. */
export type GgufInput =
  | string
  | number
  | boolean
  | { readonly f32: number }
  | readonly string[]
  | { readonly i32s: readonly number[] }
  | { readonly f32s: readonly number[] };

/** A tensor as it is written: shape row-major, bytes as they are packed. */
export interface GgufTensorInput {
  readonly ggml: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The bytes of a GGUF file of version 3. */
export function ggufBytes(
  metadata: Readonly<Record<string, GgufInput>>,
  tensors: Readonly<Record<string, GgufTensorInput>>,
): Buffer {
  const names = Object.keys(tensors);
  const header = [Buffer.from('GGUF'), u32(3), u64(names.length), u64(Object.keys(metadata).length)];
  for (const [key, value] of Object.entries(metadata)) header.push(text(key), packed(value));
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, { ggml, shape, bytes }] of Object.entries(tensors)) {
    header.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(ggml), u64(offset));
    const padded = Buffer.alloc(Math.ceil(bytes.length / 32) * 32);
    padded.set(bytes);
    data.push(padded);
    offset += padded.length;
  }
  const head = Buffer.concat(header);
  return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), ...data]);
}

function packed(value: GgufInput): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if ('f32' in value) return Buffer.concat([u32(6), f32(value.f32)]);
  if ('i32s' in value) return Buffer.concat([u32(9), u32(5), u64(value.i32s.length), ...value.i32s.map(u32)]);
  if ('f32s' in value) return Buffer.concat([u32(9), u32(6), u64(value.f32s.length), ...value.f32s.map(f32)]);
  return Buffer.concat([u32(9), u32(8), u64(value.length), ...value.map(text)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}
