import type { FileHandle } from 'node:fs/promises';
import type { BlockType } from './block-types.ts';
import { readAt } from './read-at.ts';

/** Where a tensor lies in a file and how it is packed. */
export interface StoredTensor {
  readonly type: BlockType;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** Packed bytes read at once: large enough for the disk's speed, small beside a model. */
const PIECE_BYTES = 8 * 1024 * 1024;

/**
 * A tensor's values as float32, row-major. Beside them only a piece of the packed bytes is in memory.
 *
 * @throws InputError where the file ends inside it.
 */
export async function readTensor(handle: FileHandle, file: string, tensor: StoredTensor): Promise<Float32Array> {
  const { type, offset, bytes } = tensor;
  const values = new Float32Array((bytes / type.bytes) * type.values);
  if (type.name === 'F32') {
    await readAt(handle, new Uint8Array(values.buffer), offset, file);
    return values;
  }
  const piece = Buffer.allocUnsafe(Math.min(bytes, Math.floor(PIECE_BYTES / type.bytes) * type.bytes));
  for (let at = 0; at < bytes; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, bytes - at));
    await readAt(handle, part, offset + at, file);
    const from = (at / type.bytes) * type.values;
    type.unpack(part, values.subarray(from, from + (part.length / type.bytes) * type.values));
  }
  return values;
}
