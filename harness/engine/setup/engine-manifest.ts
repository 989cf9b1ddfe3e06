import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Name of the file that is written last into an engine folder: without it the folder is half-finished. */
export const MANIFEST = 'manifest.json';

const manifestSchema = z.object({
  tensorflow: z.string(),
  device: z.enum(['cpu', 'gpu']),
  /** The wheels that the engine was taken from, as `file` and `sha256`. */
  wheels: z.array(z.object({ file: z.string(), sha256: z.string() })),
  compiler: z.string(),
  /** Size in bytes of each file kept, by its path in the folder. */
  files: z.record(z.string(), z.int().nonnegative()),
});

/** What an engine folder holds and came from. */
export type EngineManifest = z.infer<typeof manifestSchema>;

/**
 * The manifest of a finished engine folder; undefined where the folder is missing, half-finished, or lacks a file or bytes of one.
 * Looks at sizes only, so that asking costs a few milliseconds; the contents were checked when they were unpacked.
 */
export function readEngineManifest(folder: string): EngineManifest | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(folder, MANIFEST), 'utf8')));
    const whole = Object.entries(manifest.files).every(
      ([file, size]) => statSync(path.join(folder, file)).size === size,
    );
    return whole ? manifest : undefined;
  } catch {
    return undefined;
  }
}
