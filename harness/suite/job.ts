import type { z } from 'zod';
import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { sha256 } from '../files/sha256.ts';
import { runManifestSchema } from '../store/run-manifest.ts';
import { canonicalJson } from './canonical-json.ts';

/** What is known of a run before it begins. It lies in the run's folder as `job.json`, and is what a worker process is given. */
export const jobSchema = runManifestSchema.pick({
  format: true,
  kind: true,
  key: true,
  suite: true,
  system: true,
  settings: true,
  ratio: true,
  benchmark: true,
  selection: true,
  examples: true,
  model: true,
  seed: true,
  trained: true,
  maxNewTokens: true,
  batch: true,
  preset: true,
  metrics: true,
});

/** One system with one setting, model and seed on one benchmark: what is answered, kept and resumed as a whole. */
export type Job = z.infer<typeof jobSchema>;

/**
 * The job with its key: SHA-256 over the canonical JSON of all that its predictions depend on, and of nothing else. Not in it: the path of the data (its questions' hash is),
 * the batch, the suite's name, preset and metrics. A user's module is in it by its own hash, not by that of what it imports.
 */
export function withKey(job: Omit<Job, 'key'>): Job {
  const { format, kind, system, settings, benchmark, examples, model, seed, trained, maxNewTokens } = job;
  const key = sha256(
    canonicalJson({
      format,
      kind,
      system: { id: system.id, module: system.module?.sha256 ?? null },
      settings,
      benchmark: { id: benchmark.id, split: benchmark.split },
      examples: examples.sha256,
      model: model?.hash ?? null,
      seed,
      // Not in the keys of what is not trained: they are as they were before there was training.
      trained: trained ?? undefined,
      maxNewTokens,
    }),
  );
  return { ...job, key };
}

/** Name of the job's folder among the runs. */
export function folderOf({ kind, key }: { readonly kind: 'predict' | 'train'; readonly key: string }): string {
  return `${kind}-${key.slice(0, 16)}`;
}

/** The job in one line, for people and for `--only`: `hotpotqa/dev text docs=gold smollm2 seed=0`. Of its settings, those given are shown. */
export function labelOf({ benchmark, system, model, seed }: Job, settings: Readonly<Record<string, unknown>>): string {
  const parts = [
    `${benchmarkName(benchmark)}/${benchmark.split}`,
    system.id,
    ...settingTexts(settings),
    model?.id,
    `seed=${seed}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Settings as labels show them, `key=value`. */
export function settingTexts(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : canonicalJson(value)}`,
  );
}
