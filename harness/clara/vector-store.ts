import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { readAt } from '../language-model/weights/read-at.ts';
import type { DocumentVectors, HashedVectors } from './document-vectors.ts';
import {
  readSegment,
  rowBytes,
  SEGMENT_ENDINGS,
  SegmentWriter,
  type Segment,
  type SegmentEntry,
  type VectorKind,
} from './vector-segment.ts';

/** Vectors in memory that were read last: those of some hundred documents of a 7B model. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** What a kill can cost at most, while documents are compressed. */
const SEGMENT_MS = 60_000;
const SEGMENT_BYTES = 512 * 1024 * 1024;
/** A file without its index that nobody wrote to for so long is what a kill left. */
const ABANDONED_MS = 60 * 60 * 1000;
const HASH = /^[0-9a-f]{64}$/;

interface Located extends SegmentEntry {
  readonly data: string;
}

/** What `ensure` found and did, in distinct documents. */
export interface Ensured {
  readonly found: number;
  readonly computed: number;
}

/**
 * Vectors of documents, computed once and kept on the disk under what they depend on: the compressor, and the document.
 *
 * In `FOLDER/{first 16 of the compressor's hash}/` lie segments, each a file of vectors and an index of JSON lines, written under temporary names and renamed: several
 * processes write side by side (the same document twice does no harm, since its vectors are the same), and a kill leaves nothing half. The index is in memory, vectors are
 * read by range.
 */
export class VectorStore {
  readonly #folder: string;
  readonly #kind: VectorKind;
  readonly #located = new Map<string, Located>();
  readonly #segments = new Set<string>();
  /** Least recently read first. */
  readonly #cache = new Map<string, DocumentVectors>();
  #cached = 0;

  private constructor(folder: string, kind: VectorKind) {
    this.#folder = folder;
    this.#kind = kind;
  }

  /**
   * Opens or makes a store, and removes what killed processes left in it.
   *
   * @throws InputError where it cannot be written there, or a file in it is wrong: it says what to delete.
   */
  static async open(folder: string, { compressor, width }: VectorKind): Promise<VectorStore> {
    if (!HASH.test(compressor) || !Number.isInteger(width) || width < 1) {
      throw new Error(`expected a SHA-256 in hex and a positive width, got ${compressor} and ${width}`);
    }
    const store = new VectorStore(path.join(folder, compressor.slice(0, 16)), { compressor, width });
    await makeFolder(store.#folder);
    await store.#removeAbandoned();
    await store.#findSegments();
    return store;
  }

  has(hash: string): boolean {
    return this.#located.has(hash);
  }

  /** The vectors of a document that the store has. @throws InputError where their file was cut off or removed since. */
  async read(hash: string): Promise<DocumentVectors> {
    const cached = this.#cache.get(hash);
    if (cached) {
      this.#cache.delete(hash);
      this.#cache.set(hash, cached);
      return cached;
    }
    const located = this.#located.get(hash);
    if (!located) throw new Error(`no vectors of the document ${hash}`);
    const { data, at, count, tokens, truncated, ms } = located;
    const vectors = new Float32Array(count * this.#kind.width);
    const handle = await open(data, 'r');
    try {
      await readAt(handle, new Uint8Array(vectors.buffer), at, data);
    } finally {
      await handle.close();
    }
    const read = { vectors, count, tokens, truncated, ms };
    this.#remember(hash, read);
    return read;
  }

  /** Adds documents' vectors as a segment of their own. */
  async write(batch: readonly HashedVectors[]): Promise<void> {
    if (batch.length === 0) return;
    const writer = await SegmentWriter.create(this.#folder, this.#kind);
    try {
      for (const document of batch) await this.#append(writer, document);
    } catch (error) {
      await writer.discard();
      throw error;
    }
    await this.#finish(writer);
  }

  /**
   * Has `compute` make the vectors of the documents that the store lacks, each once, in the order given, and keeps what it yields: every minute at the latest, and when it
   * ends or fails.
   *
   * @param compute yields every document it was given, in any order
   * @param onProgress told the documents computed so far and to compute in all
   */
  async ensure<T extends { readonly hash: string }>(
    documents: readonly T[],
    compute: (missing: readonly T[]) => AsyncIterable<HashedVectors>,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<Ensured> {
    await this.#findSegments();
    const distinct = new Map(documents.map((document) => [document.hash, document]));
    const missing = [...distinct.values()].filter(({ hash }) => !this.has(hash));
    if (missing.length === 0) return { found: distinct.size, computed: 0 };
    const waiting = new Set(missing.map(({ hash }) => hash));
    let writer: SegmentWriter | undefined;
    let due = Date.now() + SEGMENT_MS;
    try {
      for await (const document of compute(missing)) {
        if (!waiting.has(document.hash))
          throw new Error(`vectors of a document that was not asked for: ${document.hash}`);
        writer ??= await SegmentWriter.create(this.#folder, this.#kind);
        await this.#append(writer, document);
        waiting.delete(document.hash);
        onProgress(missing.length - waiting.size, missing.length);
        if (Date.now() >= due || writer.bytes >= SEGMENT_BYTES) {
          await this.#finish(writer);
          writer = undefined;
          due = Date.now() + SEGMENT_MS;
        }
      }
    } finally {
      if (writer) await this.#finish(writer);
    }
    if (waiting.size > 0) throw new Error(`${waiting.size} of ${missing.length} documents were given no vectors`);
    return { found: distinct.size - missing.length, computed: missing.length };
  }

  async #append(writer: SegmentWriter, document: HashedVectors): Promise<void> {
    const { hash, vectors, count } = document;
    if (!HASH.test(hash)) throw new Error(`expected a SHA-256 in hex as a document's hash, got ${hash}`);
    if (vectors.length !== count * this.#kind.width) {
      throw new Error(
        `document ${hash}: expected ${count} vectors of width ${this.#kind.width}, got ${vectors.length} values`,
      );
    }
    if (!vectors.every(Number.isFinite)) throw new Error(`document ${hash}: its vectors are not finite`);
    await writer.append(document);
  }

  async #finish(writer: SegmentWriter): Promise<void> {
    this.#locate(await writer.finish());
  }

  #locate({ data, index, entries }: Segment): void {
    this.#segments.add(index);
    for (const entry of entries) if (!this.#located.has(entry.hash)) this.#located.set(entry.hash, { ...entry, data });
  }

  /** Takes up the segments that others have finished since. */
  async #findSegments(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(SEGMENT_ENDINGS.index)).sort();
    for (const name of names) {
      const index = path.join(this.#folder, name);
      if (!this.#segments.has(index)) this.#locate(await readSegment(index, this.#kind));
    }
  }

  async #removeAbandoned(): Promise<void> {
    const names = new Set(await readdir(this.#folder));
    for (const name of names) {
      const index = name.endsWith(SEGMENT_ENDINGS.data)
        ? `${name.slice(0, -SEGMENT_ENDINGS.data.length)}${SEGMENT_ENDINGS.index}`
        : undefined;
      if (index === undefined ? !name.endsWith(SEGMENT_ENDINGS.unfinished) : names.has(index)) continue;
      const file = path.join(this.#folder, name);
      const written = (await stat(file).catch(() => undefined))?.mtimeMs;
      if (written !== undefined && Date.now() - written > ABANDONED_MS) await rm(file, { force: true });
    }
  }

  #remember(hash: string, read: DocumentVectors): void {
    this.#cache.set(hash, read);
    this.#cached += read.count * rowBytes(this.#kind);
    for (const [oldest, { count }] of this.#cache) {
      if (this.#cached <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cached -= count * rowBytes(this.#kind);
    }
  }
}
