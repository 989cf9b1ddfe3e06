import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { MachineError } from '../errors.ts';
import { parseWheelRecord, type RecordedFile } from './wheel-record.ts';

/** TensorFlow's wheels list about 15,000 files; far more is no wheel that this program asks for. */
const MAX_ENTRIES = 200_000;
/** TensorFlow's RECORD has 2 MB. It is read into memory. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** The largest library unpacked (cuDNN, TensorFlow for GPUs) has about 1.1 GB: a zip bomb stops here. */
const MAX_BYTES = 8 * 1024 ** 3;

/** A file taken from a wheel: its path inside it (and under the target folder), and its size. */
export interface UnpackedFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Unpacks the files of a wheel (a zip) for which `wanted` is true into `folder`, each as a stream and checked against the wheel's RECORD by size and SHA-256.
 * A file that fails is not left behind. Executable files stay executable.
 *
 * @param onBytes told the bytes unpacked so far, and those to unpack in all.
 * @throws MachineError where the file is no whole wheel, a name leaves the folder, a size is beyond the limits, or a hash differs.
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  wanted: (path: string) => boolean,
  onBytes: (done: number, total: number) => void = () => undefined,
): Promise<UnpackedFile[]> {
  const name = path.basename(wheel);
  let zip: ZipFile;
  try {
    zip = await openPromise(wheel, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    throw new MachineError(`${name}: not a whole wheel (${(error as Error).message})`);
  }
  try {
    const { entries, record } = await chooseEntries(zip, name, wanted);
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    if (total > MAX_BYTES)
      throw new MachineError(`${name}: ${total} bytes to unpack, more than the limit of ${MAX_BYTES}`);
    let before = 0;
    for (const entry of entries) {
      const listed = record.get(entry.fileName);
      if (!listed) throw new MachineError(`${name}: ${entry.fileName} is not listed in RECORD with a hash`);
      await unpackEntry(zip, entry, listed, folder, name, (bytes) => onBytes(before + bytes, total));
      before += entry.uncompressedSize;
    }
    return entries.map((entry) => ({ path: entry.fileName, bytes: entry.uncompressedSize }));
  } finally {
    zip.close();
  }
}

async function chooseEntries(
  zip: ZipFile,
  name: string,
  wanted: (path: string) => boolean,
): Promise<{ entries: Entry[]; record: Map<string, RecordedFile> }> {
  if (zip.entryCount > MAX_ENTRIES)
    throw new MachineError(`${name}: ${zip.entryCount} files, more than the limit of ${MAX_ENTRIES}`);
  const entries = new Map<string, Entry>();
  let recordEntry: Entry | undefined;
  try {
    // yauzl refuses absolute names, backslashes and `..` here.
    for await (const entry of zip.eachEntry()) {
      if (/^[^/]+\.dist-info\/RECORD$/.test(entry.fileName)) recordEntry = entry;
      else if (!entry.fileName.endsWith('/') && wanted(entry.fileName)) {
        if (entries.has(entry.fileName)) throw new Error(`${entry.fileName} is in it twice`);
        entries.set(entry.fileName, entry);
      }
    }
  } catch (error) {
    throw new MachineError(`${name}: not a whole wheel (${(error as Error).message})`);
  }
  if (!recordEntry) throw new MachineError(`${name}: no RECORD in it, so nothing in it can be checked`);
  if (recordEntry.uncompressedSize > MAX_RECORD_BYTES)
    throw new MachineError(`${name}: RECORD is larger than ${MAX_RECORD_BYTES} bytes`);
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(recordEntry)) chunks.push(chunk as Buffer);
  return { entries: [...entries.values()], record: parseWheelRecord(Buffer.concat(chunks).toString('utf8'), name) };
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  listed: RecordedFile,
  folder: string,
  name: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const target = path.join(folder, entry.fileName);
  const hash = createHash('sha256');
  let bytes = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  await mkdir(path.dirname(target), { recursive: true });
  try {
    if (entry.uncompressedSize !== listed.bytes)
      throw new Error(`expected ${listed.bytes} bytes, got ${entry.uncompressedSize}`);
    // yauzl ends the stream with an error as soon as it is longer than the size checked above.
    await pipeline(await zip.openReadStreamPromise(entry), check, createWriteStream(target));
    const digest = hash.digest('hex');
    if (digest !== listed.sha256) throw new Error(`expected SHA-256 ${listed.sha256}, got ${digest}`);
    if ((entry.externalFileAttributes >>> 16) & 0o111) await chmod(target, 0o755);
  } catch (error) {
    await rm(target, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new MachineError(`no room left on the disk of ${folder}`);
    throw new MachineError(`${name}: ${entry.fileName} is damaged or was tampered with (${(error as Error).message})`);
  }
}
