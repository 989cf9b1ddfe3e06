import { closeSync, existsSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';

const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * An append-only file of JSON lines that survives a kill at any moment. A line counts once its end is there: opening cuts a torn last line off.
 * Writes are synchronous, so that a process that leaves between two lines leaves whole lines.
 */
export class JsonLinesLog<T> {
  readonly #fd: number;
  #dirty = false;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Opens or creates the file, cuts off a torn last line, and gives each line that stands to `seen`.
   *
   * @throws InputError at a whole line that does not fit the schema, with file and line.
   */
  static open<T>(file: string, schema: z.ZodType<T>, seen: (record: T) => void): JsonLinesLog<T> {
    const created = !existsSync(file);
    const fd = openSync(file, 'a+');
    try {
      const whole = readWholeLines(fd, (text, line) => seen(parseLine(text, schema, `${file}:${line}`)));
      ftruncateSync(fd, whole);
      if (created) syncFolder(path.dirname(file));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return new JsonLinesLog<T>(fd);
  }

  /** Appends a record as one line. It is safe from the end of this process at once, from the machine's after `sync`. */
  append(record: T): void {
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#dirty = true;
  }

  /** Makes what was appended durable. */
  sync(): void {
    if (this.#dirty) fdatasyncSync(this.#fd);
    this.#dirty = false;
  }

  /** Makes it durable and closes the file. */
  close(): void {
    this.sync();
    closeSync(this.#fd);
  }
}

/** Gives each line that has its end, and returns the bytes that they take. A zero byte is what a power cut leaves: the lines end before it. */
function readWholeLines(fd: number, each: (text: string, line: number) => void): number {
  const chunk = Buffer.alloc(CHUNK);
  let rest = Buffer.alloc(0);
  let whole = 0;
  let line = 0;
  for (let position = 0; ;) {
    const read = readSync(fd, chunk, 0, CHUNK, position);
    if (read === 0) return whole;
    position += read;
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; from = to + 1, to = bytes.indexOf(NEWLINE, from)) {
      const text = bytes.subarray(from, to);
      if (text.includes(0)) return whole;
      each(text.toString('utf8'), ++line);
      whole += to + 1 - from;
    }
    rest = bytes.subarray(from);
  }
}

function parseLine<T>(text: string, schema: z.ZodType<T>, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${where}: expected one JSON object a line, got no JSON (${(error as Error).message})`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
  return parsed.data;
}

/** A new file is durable once its folder is. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
