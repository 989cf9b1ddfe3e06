import { writeAtomically } from '../../files/write-atomically.ts';
import { toFloat16 } from './half-floats.ts';

/** A tensor to be written: its values are asked for when its turn comes. */
export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: () => Float32Array | Promise<Float32Array>;
}

/** How values are stored: each as it is, or as the nearest half float. */
export type StoredAs = 'F32' | 'F16';

/** The data begins at a multiple of this many bytes, as the format's own writer has it. */
const ALIGNMENT = 8;

/**
 * Writes a safetensors file, its tensors sorted by name: the same tensors give the same bytes. One tensor at a time is in memory. A reader sees the old file or the new one whole.
 *
 * @throws InputError where there cannot be such a file, MachineError where the disk is full
 */
export async function writeSafetensors(
  file: string,
  tensors: readonly WrittenTensor[],
  storedAs: StoredAs = 'F32',
): Promise<void> {
  const valueBytes = storedAs === 'F32' ? Float32Array.BYTES_PER_ELEMENT : Uint16Array.BYTES_PER_ELEMENT;
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  let end = 0;
  const header = sorted.map(({ name, shape }) => {
    const start = end;
    end += shape.reduce((product, size) => product * size, valueBytes);
    return [name, { dtype: storedAs, shape, data_offsets: [start, end] }] as const;
  });
  if (new Set(header.map(([name]) => name)).size < header.length) {
    throw new Error(`${file}: expected every tensor's name once`);
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Buffer.alloc(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeAtomically(file, content());

  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([length, padded]);
    for (const { values } of sorted) {
      const floats = await values();
      const { buffer, byteOffset, byteLength } = storedAs === 'F32' ? floats : toFloat16(floats);
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  }
}
