import { appendFileSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Keyed } from './records.ts';

/** Text gathered for one part before it is written. */
const FLUSH_CHARACTERS = 1 << 16;

/**
 * A folder of temporary files that hold a stream's records divided by a hash of their ids: the records of one id always land in the same part, so that
 * the parts of two streams can be joined one after another, each in little memory (the partition step of a Grace hash join).
 */
export class Spill {
  readonly parts: number;
  readonly #folder: string;

  constructor(parts: number) {
    this.parts = parts;
    this.#folder = mkdtempSync(path.join(tmpdir(), 'clara-bench-score-'));
  }

  /** Writes a stream's records into the parts, as JSON lines, in their order. */
  async divide(name: string, records: AsyncIterable<Keyed<unknown>[]>): Promise<void> {
    const texts = Array.from({ length: this.parts }, () => '');
    const flush = (part: number): void => {
      appendFileSync(this.file(name, part), texts[part]!);
      texts[part] = '';
    };
    for await (const batch of records) {
      for (const { id, value } of batch) {
        const part = partOf(id, this.parts);
        texts[part] += `${JSON.stringify(value)}\n`;
        if (texts[part]!.length > FLUSH_CHARACTERS) flush(part);
      }
    }
    for (let part = 0; part < this.parts; part++) flush(part);
  }

  /** The file of a part: it is there after `divide`, also where it is empty. */
  file(name: string, part: number): string {
    return path.join(this.#folder, `${name}-${part}.jsonl`);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** FNV-1a of the id's UTF-16 units. */
function partOf(id: string, parts: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % parts;
}
