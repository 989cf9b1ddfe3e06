import { loadavg } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import { sha256 } from '../files/sha256.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { cacheHome } from '../home.ts';
import { canonicalJson } from './canonical-json.ts';
import { machine } from './machine.ts';

/**
 * A speed of this machine, measured once and then kept in the cache folder; on a machine that is busy with other work it is not kept.
 *
 * @param what of which the speed is: the model's hash, and the work where it is not that of answering
 */
export async function measuredOnce<T>(
  what: { readonly hash: string; readonly work?: string },
  schema: z.ZodType<T>,
  measure: () => Promise<T>,
): Promise<T> {
  const { platform, cpu, cores, threads } = machine();
  const key = sha256(canonicalJson({ format: 1, ...what, platform, cpu, cores, threads }));
  const file = path.join(cacheHome(), 'calibrations', `${key}.json`);
  const known = await readJson(file, schema, 4096).catch((error: unknown) => {
    // Not there, or not whole: measured again.
    if (error instanceof InputError) return undefined;
    throw error;
  });
  if (known) return known;
  // What is measured beside other work holds for now only.
  const busy = loadavg()[0]! > cores;
  const measured = await measure();
  if (!busy) await writeAtomically(file, `${JSON.stringify(measured, null, 2)}\n`);
  return measured;
}
