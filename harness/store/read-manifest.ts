import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';

/** Name of the file that makes a job's folder complete. */
export const MANIFEST = 'manifest.json';

/** A manifest takes a few kilobytes. */
const MAX_BYTES = 1 << 20;

/** A schema of one kind of manifest. */
type ManifestSchema = z.ZodType & { readonly shape: { readonly kind: z.ZodLiteral<string> } };

/**
 * The manifest of a job's folder, or undefined where there is none: the job is not finished.
 *
 * @throws InputError where it is not a manifest of this version, or one of another kind of job.
 */
export async function readManifest<Schema extends ManifestSchema>(
  folder: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) return undefined;
  const expected = schema.shape.kind.value;
  const { kind } = await readJson(file, z.looseObject({ kind: z.unknown() }), MAX_BYTES);
  if (typeof kind === 'string' && kind !== expected) {
    throw new InputError(`${file}: expected the manifest of a ${expected} job, got one of a ${kind} job`);
  }
  return readJson<z.output<Schema>>(file, schema as z.ZodType<z.output<Schema>>, MAX_BYTES);
}
