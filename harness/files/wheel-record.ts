import Papa from 'papaparse';
import { MachineError } from '../errors.ts';

/** What a wheel's RECORD says of one of its files. */
export interface RecordedFile {
  /** SHA-256, in lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Reads a wheel's RECORD (CSV of path, `sha256=` and URL-safe base64 without padding, size; the format of PEP 376 and PEP 427) into path -> hash and size.
 * Entries without a hash (RECORD itself, signatures) are left out, so that nothing unchecked can be asked for.
 *
 * @throws MachineError where a line does not have that form, or a path is listed twice.
 */
export function parseWheelRecord(text: string, source: string): Map<string, RecordedFile> {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const files = new Map<string, RecordedFile>();
  for (const [index, row] of data.entries()) {
    const [path, hash, size] = row;
    if (path && hash === '') continue;
    const digest = /^sha256=([A-Za-z0-9_-]{43})$/.exec(hash ?? '')?.[1];
    if (!path || row.length !== 3 || !digest || !/^\d{1,15}$/.test(size ?? '')) {
      throw new MachineError(
        `${source}: RECORD line ${index + 1}: expected path,sha256=<43 characters>,<size>, got ${JSON.stringify(row.join(',')).slice(0, 200)}`,
      );
    }
    if (files.has(path))
      throw new MachineError(`${source}: RECORD line ${index + 1}: ${JSON.stringify(path)} is listed twice`);
    files.set(path, { sha256: Buffer.from(digest, 'base64url').toString('hex'), bytes: Number(size) });
  }
  return files;
}
