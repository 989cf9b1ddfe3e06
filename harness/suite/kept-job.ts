import { existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** A job takes a few kilobytes. */
const MAX_BYTES = 1 << 20;

/**
 * The job as its folder's `job.json` has it, from when it was begun; written there where it is not.
 *
 * @throws InputError where the folder is another job's.
 */
export async function keptJob<T extends { readonly key: string }>(
  job: T,
  schema: z.ZodType<T>,
  folder: string,
): Promise<T> {
  const file = path.join(folder, 'job.json');
  if (existsSync(file)) {
    const begun = await readJson(file, schema, MAX_BYTES);
    if (begun.key === job.key) return begun;
    throw new InputError(`${file}: expected the job ${job.key}, got ${begun.key}; remove ${folder} and run again`);
  }
  await writeAtomically(file, `${JSON.stringify(job, null, 2)}\n`);
  return job;
}
