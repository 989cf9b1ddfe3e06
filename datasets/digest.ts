import { createHash } from 'node:crypto';
import { readChunks } from '../harness/files/read-chunks.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** SHA-256 of a JSON lines file's uncompressed bytes (lower-case hex) and the number of its lines that are not empty, in one pass. */
export async function digest(file: string): Promise<{ sha256: string; rows: number }> {
  const hash = createHash('sha256');
  let rows = 0;
  let filled = false;
  for await (const chunk of readChunks(file)) {
    hash.update(chunk);
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; from = to + 1, to = chunk.indexOf(LINE_FEED, from)) {
      if (filled || to - from > 1 || (to > from && chunk[from] !== CARRIAGE_RETURN)) rows++;
      filled = false;
    }
    filled ||= chunk.length > from && !(chunk.length === from + 1 && chunk[from] === CARRIAGE_RETURN);
  }
  return { sha256: hash.digest('hex'), rows: filled ? rows + 1 : rows };
}
