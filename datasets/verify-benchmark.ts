import { stat } from 'node:fs/promises';
import { sha256File } from '../harness/files/sha256.ts';
import { describeIssues } from '../harness/describe-issues.ts';
import { digest } from './digest.ts';
import { exampleSchema } from './example.ts';
import { IdSet } from './id-set.ts';
import { readJsonRecords } from './json-records.ts';
import { manifestPath, readManifest } from './manifest.ts';

/** What a check of a file in the native format found. */
export interface Verification {
  readonly rows: number;
  /** Whether there was a manifest to compare with. */
  readonly manifest: boolean;
  readonly problems: readonly string[];
}

/** So many bad rows are told; a file with more is another file altogether. */
const MAX_BAD_SHOWN = 20;

/** Checks a file in the native format: every row against the schema, every id once, and hashes, size and number of rows against its manifest, if it has one. */
export async function verifyBenchmark(file: string): Promise<Verification> {
  const problems: string[] = [];
  const manifest = await readManifest(file);
  const content = await digest(file);
  if (manifest) {
    const at = manifestPath(file);
    const compare = (what: string, expected: string | number, got: string | number): void => {
      if (expected !== got) problems.push(`${file}: ${what}: expected ${expected} (${at}), got ${got}`);
    };
    compare('bytes', manifest.output.bytes, (await stat(file)).size);
    compare('SHA-256', manifest.output.sha256, await sha256File(file));
    compare('SHA-256 of the content', manifest.output.content_sha256, content.sha256);
    compare('questions', manifest.rows, content.rows);
  }
  const ids = new IdSet();
  let rows = 0;
  let bad = 0;
  for await (const record of readJsonRecords(file, 'lines')) {
    rows++;
    const found = check(record, ids);
    if (found.length > 0 && ++bad <= MAX_BAD_SHOWN) problems.push(...found);
  }
  if (bad > MAX_BAD_SHOWN) problems.push(`${file}: ${bad} bad rows in all, the first ${MAX_BAD_SHOWN} are shown`);
  if (rows === 0) problems.push(`${file}: expected at least one question, got none`);
  return { rows, manifest: manifest !== undefined, problems };
}

function check(
  record: { where: string; value: unknown } | { where: string; problems: readonly string[] },
  ids: IdSet,
): readonly string[] {
  if ('problems' in record) return record.problems;
  const parsed = exampleSchema.safeParse(record.value);
  if (!parsed.success) return describeIssues(parsed.error, record.where);
  const before = ids.add(parsed.data.id);
  return before === undefined
    ? []
    : [
        `${record.where}: id: expected an id of its own, got ${JSON.stringify(parsed.data.id)}, that of question ${before}`,
      ];
}
