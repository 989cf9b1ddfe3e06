import type { FileHandle } from 'node:fs/promises';
import { InputError } from '../../errors.ts';

/** One read of the system takes at most 2 GiB; more is read in pieces. */
const PIECE_BYTES = 256 * 1024 * 1024;

/**
 * Fills `bytes` from a place of a file.
 *
 * @throws InputError where the file ends before.
 */
export async function readAt(handle: FileHandle, bytes: Uint8Array, place: number, file: string): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const want = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, want, place + done);
    if (bytesRead === 0) {
      throw new InputError(`${file}: the file ends at byte ${place + done}; expected ${bytes.length - done} more`);
    }
    done += bytesRead;
  }
}
