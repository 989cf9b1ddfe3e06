import { InputError } from '../errors.ts';
import { readChunks } from './read-chunks.ts';

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
 * @throws InputError where the file is missing, is not readable, is broken gzip, is not UTF-8, or has a line of over 256 Mi characters.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  for await (const lines of readLineBatches(file)) yield* lines;
}

/** As `readLines`, but all lines of a chunk of the file at once: an asynchronous step a line costs more than many a line's work. */
export async function* readLineBatches(file: string): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError(`${file}:${line + 1}: expected UTF-8 text, got other bytes in this line or soon after it`);
    }
  };
  for await (const chunk of readChunks(file)) {
    const text = rest + decode(chunk);
    const lines: Line[] = [];
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from)) {
      line++;
      const end = text.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to;
      if (end > from) lines.push({ text: text.slice(from, end), line });
    }
    if (lines.length > 0) yield lines;
    rest = text.slice(from);
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new InputError(
        `${file}:${line + 1}: a line of over ${MAX_LINE_CHARACTERS} characters; expected one JSON object or one record a line`,
      );
    }
  }
  rest += decode();
  if (rest.endsWith('\r')) rest = rest.slice(0, -1);
  if (rest) yield [{ text: rest, line: line + 1 }];
}
