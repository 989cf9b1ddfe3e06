import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { describeIssues } from '../../describe-issues.ts';
import { InputError } from '../../errors.ts';
import { blockTypes } from './block-types.ts';
import { readAt } from './read-at.ts';
import type { StoredTensor } from './read-tensor.ts';

/** The limit of the format itself; the header of a shard of hundreds of tensors has some 100 kB. */
const MAX_HEADER_BYTES = 100 * 1000 * 1000;
/** Weights have one or two dimensions; the limit stops a shape of millions of ones. */
const MAX_DIMENSIONS = 8;
/** Bytes a value of every type of the format; only those in `blockTypes` can be read. */
const TYPE_BYTES: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, F8_E8M0: 1, I16: 2, U16: 2, I32: 4, U32: 4, I64: 8, U64: 8 },
  ...{ F16: 2, BF16: 2, F32: 4, F64: 8 },
};

const offset = z.number().int().min(0);
const tensorSchema = z.strictObject({
  dtype: z
    .string()
    .refine((name) => Object.hasOwn(TYPE_BYTES, name), `expected one of ${Object.keys(TYPE_BYTES).join(', ')}`),
  shape: z.array(offset).max(MAX_DIMENSIONS),
  data_offsets: z.tuple([offset, offset]),
});
const headerSchema = z.record(z.string(), z.unknown());

/** A tensor of a safetensors file, or the name of its type where that is not one of floating point. */
export type SafetensorsEntry = StoredTensor | { readonly unsupported: string; readonly shape: readonly number[] };

/**
 * Reads a safetensors header (8 bytes of length, then JSON) and checks it as the format demands: every tensor's bytes fit its shape, and all together cover the
 * rest of the file without a gap or an overlap.
 *
 * @throws InputError where anything of it is wrong.
 */
export async function readSafetensorsHeader(handle: FileHandle, file: string): Promise<Map<string, SafetensorsEntry>> {
  const { size } = await handle.stat();
  if (size < 8) throw new InputError(`${file}: expected a safetensors file, got ${size} bytes`);
  const prefix = Buffer.alloc(8);
  await readAt(handle, prefix, 0, file);
  const length = prefix.readBigUInt64LE();
  const most = Math.min(MAX_HEADER_BYTES, size - 8);
  if (length > BigInt(most)) {
    throw new InputError(
      `${file}: the header's length is ${length}; expected at most ${most} (the format's limit and the file's size)`,
    );
  }
  const bytes = Buffer.allocUnsafe(Number(length));
  await readAt(handle, bytes, 8, file);
  return entries(bytes.toString('utf8'), 8 + bytes.length, size, file);
}

function entries(text: string, data: number, size: number, file: string): Map<string, SafetensorsEntry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected a header of JSON, got: ${(error as Error).message}`, { cause: error });
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw new InputError(describeIssues(header.error, file));
  const tensors = new Map<string, SafetensorsEntry>();
  const ranges: { name: string; start: number; end: number }[] = [];
  for (const [name, described] of Object.entries(header.data)) {
    if (name === '__metadata__') continue;
    const where = `${file}: tensor ${JSON.stringify(name)}`;
    const parsed = tensorSchema.safeParse(described);
    if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
    const {
      dtype,
      shape,
      data_offsets: [start, end],
    } = parsed.data;
    const bytes = shape.reduce((product, each) => product * each, TYPE_BYTES[dtype]!);
    if (!Number.isSafeInteger(bytes) || end - start !== bytes) {
      throw new InputError(
        `${where}: its place is [${start}, ${end}], but ${dtype} [${shape.join(', ')}] has ${bytes} bytes`,
      );
    }
    const type = blockTypes.find((known) => known.name === dtype);
    tensors.set(name, type ? { type, shape, offset: data + start, bytes } : { unsupported: dtype, shape });
    ranges.push({ name, start, end });
  }
  // JSON.parse keeps the last of two equal keys, silently.
  if ((text.match(/"data_offsets"\s*:/g)?.length ?? 0) !== tensors.size) {
    throw new InputError(`${file}: expected every tensor's name once, got one twice`);
  }
  checkCoverage(ranges, size - data, file);
  return tensors;
}

function checkCoverage(ranges: { name: string; start: number; end: number }[], size: number, file: string): void {
  let covered = 0;
  for (const { name, start, end } of ranges.sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered) {
      throw new InputError(
        `${file}: tensor ${JSON.stringify(name)}: expected to start at ${covered}, where the one before it ends, got ${start}`,
      );
    }
    covered = end;
  }
  if (covered !== size) {
    throw new InputError(
      `${file}: the tensors have ${covered} bytes, the file has ${size} for them: it is cut off or has a tail`,
    );
  }
}
