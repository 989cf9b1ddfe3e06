import { createHash } from 'node:crypto';
import { sha256File } from '../../harness/files/sha256.ts';
import { readLineBatches } from '../../harness/files/read-lines.ts';

/** The questions of a file of examples in its order. */
export interface QuestionOrder {
  /** SHA-256 of the file's lines before compression. */
  readonly sha256: string;
  readonly ids: readonly string[];
  /** The place of each id. */
  readonly places: ReadonlyMap<string, number>;
}

/** The id at the beginning of a line, where it stands first and holds no escape: a line is mostly passages, which need not be parsed. */
const PLAIN_ID = /^\{"id":"([^"\\]+)"/;

/** The id of a line of JSON. */
export function idOfLine(line: string): string {
  return PLAIN_ID.exec(line)?.[1] ?? (JSON.parse(line) as { id: string }).id;
}

/** Reads orders of questions; the same bytes, which the runs of a benchmark share, once. */
export class QuestionOrders {
  readonly #known = new Map<string, Promise<QuestionOrder>>();

  async read(file: string): Promise<QuestionOrder> {
    const bytes = await sha256File(file);
    if (!this.#known.has(bytes)) this.#known.set(bytes, readOrder(file));
    return this.#known.get(bytes)!;
  }
}

async function readOrder(file: string): Promise<QuestionOrder> {
  const hash = createHash('sha256');
  const ids: string[] = [];
  for await (const lines of readLineBatches(file)) {
    for (const { text } of lines) {
      hash.update(`${text}\n`);
      ids.push(idOfLine(text));
    }
  }
  return { sha256: hash.digest('hex'), ids, places: new Map(ids.map((id, at) => [id, at])) };
}
