import type { z } from 'zod';
import { sha256 } from '../files/sha256.ts';
import { trainManifestSchema } from '../store/train-manifest.ts';
import { canonicalJson } from './canonical-json.ts';

/** What is known of a training before it begins: `job.json` in its folder. */
export const trainJobSchema = trainManifestSchema.pick({
  format: true,
  kind: true,
  key: true,
  suite: true,
  trainer: true,
  settings: true,
  from: true,
  benchmark: true,
  selection: true,
  examples: true,
  model: true,
  seed: true,
});

/** One stage of a training with one setting, model and seed, shared by all predictions that ask for it. */
export type TrainJob = z.infer<typeof trainJobSchema>;

/**
 * The job with its key: SHA-256 over the canonical JSON of all that its weights depend on. Not in it: the name of the training data (its questions' hash is) and the benchmarks
 * that are answered later. A trainer of a user's module is in it by the module's hash.
 */
export function withTrainKey(job: Omit<TrainJob, 'key'>): TrainJob {
  const { format, kind, trainer, settings, from, examples, model, seed } = job;
  const key = sha256(
    canonicalJson({
      format,
      kind,
      trainer: { id: trainer.id, module: trainer.module?.sha256 ?? null },
      settings,
      from: from?.key ?? null,
      examples: examples.sha256,
      model: model?.hash ?? null,
      seed,
    }),
  );
  return { ...job, key };
}
