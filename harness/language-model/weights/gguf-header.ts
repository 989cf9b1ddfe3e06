import type { FileHandle } from 'node:fs/promises';
import { InputError } from '../../errors.ts';
import { blockTypes, type BlockType } from './block-types.ts';
import { readAt } from './read-at.ts';
import type { StoredTensor } from './read-tensor.ts';

/** A metadata value; integers of 64 bits are rounded to a double. */
export type GgufValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

/** A tensor of a GGUF file; its shape is row-major ([out, in] for a linear layer), the reverse of the file's own order. */
export interface GgufTensor extends StoredTensor {
  readonly name: string;
}

/** What stands before the weights. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Vocabularies of 256,000 tokens with 500,000 merges make headers of about 15 MB, an embedded tokenizer.json 20 MB more. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024;
/** Read at once; the usual header lies in it whole, a larger one is read again with twice as much. */
const FIRST_READ_BYTES = 8 * 1024 * 1024;
/** Models write about 40 keys, each at least 13 bytes long. */
const MAX_KEYS = 65_536;
/** The longest key that the GGUF specification allows. */
const MAX_KEY_BYTES = 65_535;
/** Chat templates are about 20 kB; an embedded tokenizer.json is about 20 MB. */
const MAX_STRING_BYTES = 64 * 1024 * 1024;
/** The longest list known is a vocabulary's 514,906 merges. */
const MAX_ARRAY_LENGTH = 4_000_000;
/** A decoder has about 10 tensors a layer; a mixture of experts of 100 layers has some 30,000. */
const MAX_TENSORS = 100_000;
/** The specification allows 64; files of other tools go a little beyond. */
const MAX_TENSOR_NAME_BYTES = 256;
/** GGML_MAX_DIMS. */
const MAX_DIMENSIONS = 4;
/** Files are written with 32; a page of 64 KiB is the most that a mapping asks for. */
const MAX_ALIGNMENT = 65_536;
const DEFAULT_ALIGNMENT = 32;

const VALUE_TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'string', 'array', 'u64', 'i64', 'f64'];
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];
const STRING = 8;
const ARRAY = 9;

/**
 * Reads a GGUF header (versions 2 and 3, little endian). @huggingface/gguf has a parser too, but reads zeros past a file's end and checks no tensor against
 * the file; here nothing is allocated before its length is checked against what is left of the file, and a wrong place is named.
 *
 * @throws InputError where it is not GGUF, is cut off, is over a limit, or a tensor does not lie inside the file.
 */
export async function readGgufHeader(handle: FileHandle, file: string): Promise<GgufHeader> {
  const { size } = await handle.stat();
  const most = Math.min(size, MAX_HEADER_BYTES);
  for (let length = Math.min(FIRST_READ_BYTES, most); ; length = Math.min(length * 2, most)) {
    try {
      const bytes = Buffer.allocUnsafe(length);
      await readAt(handle, bytes, 0, file);
      return parse(new Cursor(bytes, size, file));
    } catch (error) {
      if (error !== NEED_MORE) throw error;
      if (length === most) throw new InputError(`${file}: the header is longer than ${MAX_HEADER_BYTES} bytes`);
    }
  }
}

function parse(cursor: Cursor): GgufHeader {
  const magic = cursor.take(4, 'the magic number').toString('latin1');
  if (magic !== 'GGUF')
    throw cursor.fault(`expected a GGUF file (its first bytes are "GGUF"), got ${JSON.stringify(magic)}`);
  const version = cursor.u32('the version');
  if (version !== 2 && version !== 3)
    throw cursor.fault(`expected GGUF version 2 or 3 (little endian), got ${version}`);
  const tensorCount = cursor.count('tensors', MAX_TENSORS, 24);
  const keyCount = cursor.count('metadata keys', MAX_KEYS, 13);

  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.string(`the name of metadata key ${i}`, MAX_KEY_BYTES);
    if (metadata.has(key)) throw cursor.fault(`metadata key ${JSON.stringify(key)} is there twice`);
    metadata.set(key, value(cursor, key));
  }

  const described: { name: string; type: BlockType; shape: number[]; start: number; bytes: number }[] = [];
  for (let i = 0; i < tensorCount; i++) described.push(describe(cursor, i));
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (
    typeof alignment !== 'number' ||
    alignment < 1 ||
    alignment > MAX_ALIGNMENT ||
    (alignment & (alignment - 1)) !== 0
  ) {
    throw cursor.fault(`general.alignment: expected a power of two up to ${MAX_ALIGNMENT}, got ${String(alignment)}`);
  }
  const data = Math.ceil(cursor.position / alignment) * alignment;

  const tensors = new Map<string, GgufTensor>();
  let end = 0;
  for (const tensor of described.sort((a, b) => a.start - b.start)) {
    const where = `tensor ${JSON.stringify(tensor.name)}`;
    if (tensors.has(tensor.name)) throw cursor.fault(`${where} is there twice`);
    if (tensor.start % alignment !== 0)
      throw cursor.fault(`${where} starts at ${tensor.start}, expected a multiple of ${alignment}`);
    if (tensor.start < end)
      throw cursor.fault(`${where} starts at ${tensor.start}, inside the tensor before it, which ends at ${end}`);
    end = tensor.start + tensor.bytes;
    if (data + end > cursor.size) {
      throw cursor.fault(`${where} ends at byte ${data + end}, but the file has ${cursor.size} bytes: it is cut off`);
    }
    const { name, type, shape, bytes } = tensor;
    tensors.set(name, { name, type, shape, offset: data + tensor.start, bytes });
  }
  return { metadata, tensors };
}

function value(cursor: Cursor, key: string): GgufValue {
  const type = cursor.u32(`the type of ${key}`);
  if (type !== ARRAY) return scalar(cursor, type, key);
  const element = cursor.u32(`the element type of ${key}`);
  const size = VALUE_BYTES[element];
  if (size === undefined || element === ARRAY) {
    throw cursor.fault(
      `${key}: expected a list of numbers, booleans or strings, got element type ${VALUE_TYPES[element] ?? element}`,
    );
  }
  const length = cursor.count(`elements of ${key}`, MAX_ARRAY_LENGTH, size);
  const list: (string | number | boolean)[] = [];
  for (let i = 0; i < length; i++) list.push(scalar(cursor, element, key));
  return list as readonly string[] | readonly number[] | readonly boolean[];
}

function scalar(cursor: Cursor, type: number, key: string): string | number | boolean {
  if (type === STRING) return cursor.string(key, MAX_STRING_BYTES);
  const size = VALUE_BYTES[type];
  if (size === undefined || type === ARRAY) throw cursor.fault(`${key}: unknown value type ${type}`);
  const bytes = cursor.take(size, key);
  switch (VALUE_TYPES[type]) {
    case 'u8':
      return bytes.readUInt8();
    case 'i8':
      return bytes.readInt8();
    case 'u16':
      return bytes.readUInt16LE();
    case 'i16':
      return bytes.readInt16LE();
    case 'u32':
      return bytes.readUInt32LE();
    case 'i32':
      return bytes.readInt32LE();
    case 'f32':
      return bytes.readFloatLE();
    case 'bool':
      return bytes.readUInt8() !== 0;
    case 'u64':
      return Number(bytes.readBigUInt64LE());
    case 'i64':
      return Number(bytes.readBigInt64LE());
    default:
      return bytes.readDoubleLE();
  }
}

function describe(cursor: Cursor, index: number) {
  const name = cursor.string(`the name of tensor ${index}`, MAX_TENSOR_NAME_BYTES);
  const where = `tensor ${JSON.stringify(name)}`;
  const dimensions = cursor.u32(`${where}: its dimensions`);
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw cursor.fault(`${where}: expected 1 to ${MAX_DIMENSIONS} dimensions, got ${dimensions}`);
  }
  const shape: number[] = [];
  for (let i = 0; i < dimensions; i++) shape.unshift(cursor.u64(`${where}: its shape`));
  const id = cursor.u32(`${where}: its type`);
  const start = cursor.u64(`${where}: its offset`);
  const type = blockTypes.find((known) => known.ggml === id);
  if (!type) {
    const known = blockTypes.map((each) => each.name).join(', ');
    throw cursor.fault(`${where}: ggml type ${id} is not supported; expected one of ${known}`);
  }
  const values = shape.reduce((product, size) => product * size, 1);
  const row = shape.at(-1) ?? 0;
  if (!Number.isSafeInteger(values) || values === 0 || row % type.values !== 0) {
    throw cursor.fault(
      `${where}: expected sizes of at least 1 and rows of a multiple of ${type.values} (${type.name}), got [${shape.join(', ')}]`,
    );
  }
  return { name, type, shape, start, bytes: (values / type.values) * type.bytes };
}

/** Thrown where the parsed part of the file ends before the header does. */
const NEED_MORE = Symbol('need more bytes');

class Cursor {
  readonly size: number;
  readonly file: string;
  readonly #bytes: Buffer;
  position = 0;

  /** The first bytes of a file of `size` bytes. */
  constructor(bytes: Buffer, size: number, file: string) {
    this.#bytes = bytes;
    this.size = size;
    this.file = file;
  }

  fault(problem: string): InputError {
    return new InputError(`${this.file}: byte ${this.position}: ${problem}`);
  }

  take(length: number, what: string): Buffer {
    const end = this.position + length;
    if (end > this.size)
      throw this.fault(`the file ends inside ${what}: ${length} bytes expected, ${this.size - this.position} left`);
    if (end > this.#bytes.length) throw NEED_MORE;
    const part = this.#bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }

  u32(what: string): number {
    return this.take(4, what).readUInt32LE();
  }

  /** An unsigned number of 64 bits that a double holds exactly. */
  u64(what: string): number {
    const wide = this.take(8, what).readBigUInt64LE();
    if (wide > BigInt(Number.MAX_SAFE_INTEGER)) throw this.fault(`${what}: ${wide} is too large`);
    return Number(wide);
  }

  /** How many things of at least `least` bytes each follow. */
  count(what: string, most: number, least: number): number {
    const many = this.u64(`the number of ${what}`);
    const fit = Math.floor((this.size - this.position) / least);
    if (many > Math.min(most, fit)) {
      throw this.fault(`${many} ${what}: expected at most ${most}, and at most ${fit} fit into the rest of the file`);
    }
    return many;
  }

  string(what: string, most: number): string {
    const length = this.u64(`the length of ${what}`);
    if (length > most) throw this.fault(`${what}: a text of ${length} bytes, expected at most ${most}`);
    return this.take(length, what).toString('utf8');
  }
}
