import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { cannotWrite } from '../files/cannot-write.ts';
import { readLines } from '../files/read-lines.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { HashedVectors } from './document-vectors.ts';

const count = z.int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex');
const headSchema = z.strictObject({ compressor: hash, width: z.int().positive(), bytes: count });
const entrySchema = z.strictObject({
  hash,
  /** Place in the data file, in bytes. */
  at: count,
  count,
  tokens: count,
  truncated: count,
  ms: z.number().nonnegative(),
});

/** What vectors of one store have in common. */
export interface VectorKind {
  /** SHA-256 in hex of all that the vectors depend on beside the document: weights, settings. */
  readonly compressor: string;
  /** Width of a vector, H. */
  readonly width: number;
}

/** Where a document's vectors lie in a segment. */
export type SegmentEntry = z.infer<typeof entrySchema>;

/** A finished segment: its two files, and what is where in the first. */
export interface Segment {
  readonly data: string;
  readonly index: string;
  readonly entries: readonly SegmentEntry[];
}

/** Ending of the files of vectors (float32, little-endian) and of their indexes. A segment is there once its index is. */
export const SEGMENT_ENDINGS = { data: '.f32', index: '.jsonl', unfinished: '.part' } as const;

/** Bytes of a vector's row. */
export function rowBytes({ width }: VectorKind): number {
  return width * Float32Array.BYTES_PER_ELEMENT;
}

/** Writes one segment under a temporary name. Nobody sees anything of it before `finish`. */
export class SegmentWriter {
  readonly #kind: VectorKind;
  readonly #base: string;
  readonly #handle: FileHandle;
  readonly #entries: SegmentEntry[] = [];
  #bytes = 0;

  private constructor(kind: VectorKind, base: string, handle: FileHandle) {
    this.#kind = kind;
    this.#base = base;
    this.#handle = handle;
  }

  /** @throws InputError where it cannot be written there, MachineError where the disk is full; so do the other functions. */
  static async create(folder: string, kind: VectorKind): Promise<SegmentWriter> {
    const base = path.join(folder, `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString('hex')}`);
    const handle = await writing(base, open(`${base}${SEGMENT_ENDINGS.data}${SEGMENT_ENDINGS.unfinished}`, 'wx'));
    return new SegmentWriter(kind, base, handle);
  }

  /** Bytes of vectors in it so far. */
  get bytes(): number {
    return this.#bytes;
  }

  async append({ hash, vectors, count, tokens, truncated, ms }: HashedVectors): Promise<void> {
    const bytes = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
    for (let done = 0; done < bytes.length;) {
      done += (await writing(this.#base, this.#handle.write(bytes, done, undefined, this.#bytes + done))).bytesWritten;
    }
    this.#entries.push({ hash, at: this.#bytes, count, tokens, truncated, ms });
    this.#bytes += bytes.length;
  }

  /** Makes the segment durable and visible, its index last. */
  async finish(): Promise<Segment> {
    const data = `${this.#base}${SEGMENT_ENDINGS.data}`;
    // An append that failed may have left a part.
    await writing(data, this.#handle.truncate(this.#bytes));
    await writing(data, this.#handle.sync());
    await this.#handle.close();
    await writing(data, rename(`${data}${SEGMENT_ENDINGS.unfinished}`, data));
    const index = `${this.#base}${SEGMENT_ENDINGS.index}`;
    const lines = [{ ...this.#kind, bytes: this.#bytes }, ...this.#entries];
    await writeAtomically(
      index,
      lines.map((line) => `${JSON.stringify(line)}\n`),
    );
    return { data, index, entries: this.#entries };
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(`${this.#base}${SEGMENT_ENDINGS.data}${SEGMENT_ENDINGS.unfinished}`, { force: true });
  }
}

/**
 * The entries of a segment's index, each checked, and its data file.
 *
 * @throws InputError where they do not fit each other or the store; it says what to delete.
 */
export async function readSegment(index: string, kind: VectorKind): Promise<Segment> {
  const data = `${index.slice(0, -SEGMENT_ENDINGS.index.length)}${SEGMENT_ENDINGS.data}`;
  const remedy = `delete ${data} and ${index}; the documents are compressed again`;
  let bytes: number | undefined;
  const entries: SegmentEntry[] = [];
  for await (const { text, line } of readLines(index)) {
    const where = `${index}:${line}`;
    if (bytes === undefined) {
      const head = parse(text, headSchema, where, remedy);
      if (head.compressor !== kind.compressor || head.width !== kind.width) {
        throw new InputError(
          `${where}: expected vectors of width ${kind.width} by compressor ${kind.compressor}, got ${head.width} by ${head.compressor}; ${remedy}`,
        );
      }
      bytes = head.bytes;
      const size = (await stat(data).catch(() => undefined))?.size;
      if (size !== bytes) {
        throw new InputError(
          `${data}: expected ${bytes} bytes, as its index says, got ${size ?? 'no such file'}; ${remedy}`,
        );
      }
      continue;
    }
    const entry = parse(text, entrySchema, where, remedy);
    if (entry.at + entry.count * rowBytes(kind) > bytes) {
      throw new InputError(
        `${where}: ${entry.count} vectors from byte ${entry.at} leave the ${bytes} bytes of ${data}; ${remedy}`,
      );
    }
    entries.push(entry);
  }
  if (bytes === undefined)
    throw new InputError(`${index}: expected a line that describes the segment, got an empty file; ${remedy}`);
  return { data, index, entries };
}

function parse<T>(text: string, schema: z.ZodType<T>, where: string, remedy: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${where}: expected a JSON object, got something else; ${remedy}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputError([...describeIssues(parsed.error, where), `${where}: ${remedy}`]);
  return parsed.data;
}

async function writing<T>(place: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw cannotWrite(error, place);
  }
}
