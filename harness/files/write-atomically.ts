import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { cannotWrite } from './cannot-write.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a whole file under a temporary name beside it, flushes it to the disk and renames it: a reader sees the old file or the new one, never a part.
 * A `.gz` ending means gzip; its bytes depend on the content only (no time stamp, no name).
 *
 * @throws InputError where there cannot be such a file, MachineError where the disk is full.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array | Iterable<string> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  await makeFolder(path.dirname(path.resolve(file)));
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  try {
    const source =
      typeof content === 'string' || content instanceof Uint8Array ? Readable.from([content]) : Readable.from(content);
    const sink = createWriteStream(temporary);
    if (file.endsWith('.gz')) await pipeline(source, createGzip({ level: 6 }), sink);
    else await pipeline(source, sink);
    const handle = await open(temporary, 'r+');
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(error, file);
  }
}
