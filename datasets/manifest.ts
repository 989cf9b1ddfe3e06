import { access } from 'node:fs/promises';
import { z } from 'zod';
import { readJson } from '../harness/files/read-json.ts';

const count = z.int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.object({
  benchmark: z.string(),
  split: z.string(),
  format: z.string(),
  /** Of the data; null where nobody stated it. */
  licence: z.string().nullable(),
  tool: z.string(),
  options: z.record(z.string(), z.unknown()),
  sources: z.array(z.object({ name: z.string(), bytes: count, sha256: hash })),
  /** `sha256`: of the file as it lies there; `content_sha256`: of its uncompressed bytes. */
  output: z.object({ name: z.string(), bytes: count, sha256: hash, content_sha256: hash }),
  rows: count,
  mean_docs: z.number(),
  mean_gold: z.number(),
  /** Questions of which a gold passage is not among the candidates, and those with no gold passage at all. */
  rows_missing_gold: count,
  rows_without_gold: count,
  unanswerable: z.object({ kept: count, left_out: count }),
  /** Rows left out under --skip-bad: how many, and the problems of the first 10,000 of them. */
  bad_rows: z.object({ count, listed: z.array(z.string()) }),
  warnings: z.object({ count, listed: z.array(z.string()) }),
});

/** What an import read, wrote and left out. Without time stamps and folders: the same import gives the same bytes everywhere. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Path of the manifest beside a file in the native format. */
export function manifestPath(file: string): string {
  return file.replace(/\.jsonl(\.gz)?$/, '.manifest.json');
}

/** With 10,000 bad rows and as many warnings listed at length, a manifest stays below this. */
const MAX_BYTES = 128 * 1024 * 1024;

/** The manifest beside a file in the native format, or undefined where it has none. @throws InputError where it is damaged. */
export async function readManifest(file: string): Promise<Manifest | undefined> {
  const at = manifestPath(file);
  const isThere = await access(at).then(
    () => true,
    () => false,
  );
  return isThere ? readJson(at, manifestSchema, MAX_BYTES) : undefined;
}
