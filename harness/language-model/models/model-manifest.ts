import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../../files/read-json.ts';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What was fetched for a model: written last, so a model folder with it is whole. */
const modelManifestSchema = z.strictObject({
  id: z.string(),
  /** Where it came from: a wheel, or a repository and its commit. */
  source: z.string(),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int().min(0), sha256: hex })).min(1),
});

/** A checked manifest of a fetched model. */
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** The manifest's name in a model's folder. */
export const MODEL_MANIFEST = 'manifest.json';
/** A manifest has some 10 lines. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

/** The manifest of a fetched model's folder, or undefined where it is not whole: none there, another model's, or a file missing or of another size. */
export async function readModelManifest(folder: string, id: string): Promise<ModelManifest | undefined> {
  const manifest = await readJson(path.join(folder, MODEL_MANIFEST), modelManifestSchema, MAX_MANIFEST_BYTES).catch(
    () => undefined,
  );
  if (manifest?.id !== id) return undefined;
  for (const file of manifest.files) {
    const info = await stat(path.join(folder, file.path)).catch(() => undefined);
    if (info?.size !== file.bytes) return undefined;
  }
  return manifest;
}
