import { open, type FileHandle } from 'node:fs/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { InputError } from '../../errors.ts';
import { readAt } from '../../language-model/weights/read-at.ts';
import { MAX_PICKLE_BYTES, readPickle, type PickleValue } from './pickle.ts';
import { torchObjects, type TorchObject } from './torch-objects.ts';
import type { TorchStorage, TorchTensor } from './torch-tensor.ts';

/** A file of thousands of tensors has an entry each. */
const MAX_ENTRIES = 100_000;
/** The newest layout of the zip that torch itself reads. */
const MAX_VERSION = 10;
/** `byteorder` and `version` are a word each. */
const MAX_WORD_BYTES = 64;
/** Rows that are not side by side are read with all between them: a transposed embedding matrix, but no more. */
const MAX_SPAN_BYTES = 2 ** 31;

/** A file of torch.save, opened: its containers with the tensors' places. The tensors' bytes are read when they are asked for. */
export interface TorchFile {
  readonly content: PickleValue<TorchObject>;
  /** Rows `from` to below `to` of a tensor (all without them) as float32, row-major. Only their bytes are read. @throws InputError where they are not whole. */
  read(tensor: TorchTensor, from?: number, to?: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a file of torch.save (the zip layout of torch 1.6 and later) that holds tensors of floating point in plain containers. Nothing in it is run: readPickle refuses
 * all else by name.
 *
 * @throws InputError where the file is missing, of the older layout, no such zip, broken, or refused.
 */
export async function openTorchFile(file: string): Promise<TorchFile> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: expected a file of torch.save, got ${error.code ?? error.message}`);
  });
  let zip: ZipFile | undefined;
  const close = async (): Promise<void> => {
    zip?.close();
    await handle.close();
  };
  try {
    await checkKind(handle, file);
    const { size } = await handle.stat();
    zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(
      (error: Error) => {
        throw new InputError(`${file}: expected a whole zip file, got: ${error.message}`);
      },
    );
    const archive = new Archive(file, handle, size, zip);
    await archive.readEntries();
    const bigEndian = await archive.checkWords();
    const content = readPickle(await archive.bytes('data.pkl', MAX_PICKLE_BYTES), file, torchObjects);
    return { content, close, read: (tensor, from, to) => readRows(archive, bigEndian, tensor, from, to) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function checkKind(handle: FileHandle, file: string): Promise<void> {
  const head = Buffer.alloc(4);
  await readAt(handle, head, 0, file);
  if (head.toString('latin1') === 'PK\x03\x04') return;
  // A pickle of torch's magic number, a long of ten bytes.
  if (head.equals(Buffer.from([0x80, 0x02, 0x8a, 0x0a]))) {
    throw new InputError(
      `${file}: expected torch's zip layout, got the one from before torch 1.6; load it there and save it again with torch.save`,
    );
  }
  throw new InputError(`${file}: expected a file of torch.save (a zip), got the bytes ${head.toString('hex')}`);
}

/** The entries of the zip below its one folder. torch stores them as they are, so that each is a range of the file. */
class Archive {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #size: number;
  readonly #zip: ZipFile;
  readonly #entries = new Map<string, Entry>();

  constructor(file: string, handle: FileHandle, size: number, zip: ZipFile) {
    this.#file = file;
    this.#handle = handle;
    this.#size = size;
    this.#zip = zip;
  }

  async readEntries(): Promise<void> {
    const { entryCount } = this.#zip;
    if (entryCount > MAX_ENTRIES) throw this.#refusal(`${entryCount} entries, expected at most ${MAX_ENTRIES}`);
    let folder: string | undefined;
    try {
      for await (const entry of this.#zip.eachEntry()) {
        const slash = entry.fileName.indexOf('/');
        const [top, name] = [entry.fileName.slice(0, slash), entry.fileName.slice(slash + 1)];
        if (slash < 1 || top !== (folder ??= top))
          throw new Error(`expected all entries in one folder, got ${entry.fileName}`);
        if (this.#entries.has(name)) throw new Error(`${entry.fileName} is in it twice`);
        this.#entries.set(name, entry);
      }
    } catch (error) {
      throw this.#refusal((error as Error).message);
    }
    if (!this.#entries.has('data.pkl')) throw this.#refusal('expected an entry data.pkl, got none');
  }

  /** Checks the layout's version, and says whether the tensors' bytes stand in big-endian order. */
  async checkWords(): Promise<boolean> {
    const version = (await this.#word('version')) ?? '';
    if (!/^\d{1,3}$/.test(version) || Number(version) < 1 || Number(version) > MAX_VERSION) {
      throw this.#refusal(`version: expected a number from 1 to ${MAX_VERSION}, got ${JSON.stringify(version)}`);
    }
    // Files from before torch 2.1 do not say; they are little-endian.
    const order = (await this.#word('byteorder')) ?? 'little';
    if (order !== 'little' && order !== 'big')
      throw this.#refusal(`byteorder: expected little or big, got ${JSON.stringify(order)}`);
    return order === 'big';
  }

  /** A whole small entry. */
  async bytes(name: string, most: number): Promise<Buffer> {
    const { start, size } = await this.#range(name);
    if (size > most) throw this.#refusal(`${name}: expected at most ${most} bytes, got ${size}`);
    const bytes = Buffer.allocUnsafe(size);
    await readAt(this.#handle, bytes, start, this.#file);
    return bytes;
  }

  /** Packed values of a storage, as they stand in the file. */
  async values({ key, type, values }: TorchStorage, first: number, count: number): Promise<Buffer> {
    const name = `data/${key}`;
    const { start, size } = await this.#range(name);
    if (size !== values * type.bytes) {
      throw this.#refusal(
        `${name}: expected ${values} values of ${type.name}, ${values * type.bytes} bytes, got ${size}`,
      );
    }
    const packed = Buffer.allocUnsafe(count * type.bytes);
    await readAt(this.#handle, packed, start + first * type.bytes, this.#file);
    return packed;
  }

  async #word(name: string): Promise<string | undefined> {
    if (!this.#entries.has(name)) return undefined;
    return (await this.bytes(name, MAX_WORD_BYTES)).toString('latin1').trim();
  }

  async #range(name: string): Promise<{ start: number; size: number }> {
    const entry = this.#entries.get(name);
    if (!entry) throw this.#refusal(`expected an entry ${name}, got none`);
    if (entry.compressionMethod !== 0 || entry.isEncrypted() || entry.compressedSize !== entry.uncompressedSize) {
      throw this.#refusal(`${name}: expected it stored, as torch.save does, got it compressed or encrypted`);
    }
    const { fileDataStart: start } = await this.#zip
      .readLocalFileHeaderPromise(entry, { minimal: true })
      .catch((error: Error) => {
        throw this.#refusal(`${name}: ${error.message}`);
      });
    const size = entry.uncompressedSize;
    // Before anything is allocated for it.
    if (start + size > this.#size)
      throw this.#refusal(`${name}: ${size} bytes from ${start} leave the file of ${this.#size}`);
    return { start, size };
  }

  #refusal(what: string): InputError {
    return new InputError(`${this.#file}: ${what}`);
  }
}

async function readRows(
  archive: Archive,
  bigEndian: boolean,
  { storage, offset, shape, strides }: TorchTensor,
  from = 0,
  to = shape[0] ?? 1,
): Promise<Float32Array> {
  const sizes = shape.length > 0 ? [to - from, ...shape.slice(1)] : [];
  const first = offset + from * (strides[0] ?? 0);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count === 0) return new Float32Array(0);
  const span = sizes.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);
  const { type } = storage;
  if (span * Math.max(type.bytes, 4) > MAX_SPAN_BYTES) {
    throw new InputError(
      `storage ${storage.key}: a tensor's part of ${span} values; expected at most ${MAX_SPAN_BYTES} bytes at once`,
    );
  }
  const packed = await archive.values(storage, first, span);
  if (bigEndian) swap(packed, type.bytes);
  const values = new Float32Array(span);
  type.unpack(packed, values);
  return isContiguous(sizes, strides) ? values : gather(values, sizes, strides, count);
}

function swap(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16();
  else if (width === 4) bytes.swap32();
  else bytes.swap64();
}

function isContiguous(sizes: readonly number[], strides: readonly number[]): boolean {
  let stride = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (sizes[axis]! > 1 && strides[axis] !== stride) return false;
    stride *= sizes[axis]!;
  }
  return true;
}

/** The values of a strided view in row-major order. */
function gather(
  values: Float32Array,
  sizes: readonly number[],
  strides: readonly number[],
  count: number,
): Float32Array {
  const gathered = new Float32Array(count);
  const at = sizes.map(() => 0);
  for (let i = 0, place = 0; i < count; i++) {
    gathered[i] = values[place]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++at[axis]! < sizes[axis]!) break;
      place -= sizes[axis]! * strides[axis]!;
      at[axis] = 0;
    }
  }
  return gathered;
}
