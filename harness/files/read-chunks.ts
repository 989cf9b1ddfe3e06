import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { InputError } from '../errors.ts';

/**
 * The bytes of a file in chunks of up to 1 MiB; a `.gz` ending means gzip. Stops reading when the consumer stops.
 *
 * @throws InputError where the file is missing, is not readable, or is broken gzip.
 */
export async function* readChunks(file: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 });
  const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip({ chunkSize: 1 << 20 }), () => undefined) : raw;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw asInputError(error, file);
  } finally {
    raw.destroy();
  }
}

function asInputError(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new InputError(`${file}: no such file`);
  if (code === 'EISDIR') return new InputError(`${file}: expected a file, got a folder`);
  if (code === 'EACCES') return new InputError(`${file}: not allowed to read it`);
  if (code?.startsWith('Z_'))
    return new InputError(`${file}: ends in .gz but is not whole gzip data (${(error as Error).message})`);
  return error;
}
