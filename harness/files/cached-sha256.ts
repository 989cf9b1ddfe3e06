import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { cacheHome } from '../home.ts';
import { readJson } from './read-json.ts';
import { sha256, sha256File } from './sha256.ts';
import { writeAtomically } from './write-atomically.ts';

/** What a file's hash was, and the state of the file that it holds for. */
const schema = z.object({ file: z.string(), state: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const MAX_NOTE_BYTES = 64 * 1024;
/** Below this a file is hashed faster than its note is looked up and written. */
const SMALL_BYTES = 4 * 1024 * 1024;

/**
 * SHA-256 of a file's bytes, in lower-case hex. A large file's hash is noted in the cache folder and holds until the file's size, time or place on the disk
 * changes, so that opening a model of many gigabytes does not read it whole each time.
 */
export async function cachedSha256(file: string): Promise<string> {
  const full = path.resolve(file);
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(full, { bigint: true });
  if (size < SMALL_BYTES) return sha256File(full);
  const state = [size, mtimeNs, ctimeNs, ino, dev].join(' ');
  const note = path.join(cacheHome(), 'hashes', `${sha256(full)}.json`);
  const known = await readJson(note, schema, MAX_NOTE_BYTES).catch(() => undefined);
  if (known?.file === full && known.state === state) return known.sha256;
  const digest = await sha256File(full);
  // A cache folder that cannot be written to costs time only.
  await writeAtomically(note, `${JSON.stringify({ file: full, state, sha256: digest })}\n`).catch(() => undefined);
  return digest;
}
