import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

/** Name of the file in a checkpoint's folder that says how it was made. Written last. */
export const CHECKPOINT_MANIFEST = 'checkpoint.json';

/** How an exported checkpoint was made, without anything of the machine that made it. */
export const checkpointManifestSchema = z.strictObject({
  format: z.literal(1),
  /** SHA-256 of the other files, by name. */
  files: z.record(z.string(), sha256),
  storedAs: z.enum(['F32', 'F16']),
  trainer: z.string(),
  settings: z.record(z.string(), z.unknown()),
  /** What it was trained on. */
  benchmark: z.strictObject({ id: z.string(), split: z.string() }),
  examples: z.strictObject({ count, sha256 }),
  model: z.strictObject({ id: z.string(), hash: sha256 }).nullable(),
  seed: z.int(),
  steps: count,
  /** Rows that went through the decoder. */
  tokens: count,
  /** Mean over the last tenth of the steps; null without steps. */
  loss: z.number().nullable(),
});

/** The content of checkpoint.json. */
export type CheckpointManifest = Readonly<z.infer<typeof checkpointManifestSchema>>;
