import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { InputError } from '../errors.ts';

/** A line without its end, and its number from 1. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** No JSON line of a published benchmark comes near this; a longer one is a file of another kind, and is refused before it fills the memory. */
const MAX_LINE_CHARACTERS = 256 * 1024 * 1024;

/**
 * The lines of a UTF-8 file, read as a stream; a `.gz` ending means gzip. Empty lines are left out, their numbers are not. A byte-order mark is dropped.
 *
 * @throws InputError where the file is missing, is not readable, is broken gzip, or has a line of over 256 Mi characters.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 });
  const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip({ chunkSize: 1 << 20 }), () => undefined) : raw;
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let line = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const text = rest + decoder.decode(chunk, { stream: true });
      let from = 0;
      for (let to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
        line++;
        const end = text.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to;
        if (end > from) yield { text: text.slice(from, end), line };
      }
      rest = text.slice(from);
      if (rest.length > MAX_LINE_CHARACTERS) {
        throw new InputError(
          `${file}:${line + 1}: a line of over ${MAX_LINE_CHARACTERS} characters; expected one JSON object or one record a line`,
        );
      }
    }
    rest += decoder.decode();
    if (rest.endsWith('\r')) rest = rest.slice(0, -1);
    if (rest) yield { text: rest, line: line + 1 };
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
