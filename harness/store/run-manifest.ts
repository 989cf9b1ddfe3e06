import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const count = z.int().nonnegative();

/** How the questions of a job were chosen from the benchmark's file. They keep the file's order. */
const selectionSchema = z.strictObject({
  /** Questions at most; null for all. */
  limit: z.int().positive().nullable(),
  /** `first`: the first ones of the file; `random`: drawn without replacement with the seed. Without a limit it has no influence. */
  rule: z.enum(['first', 'random']),
  /** Seed of the `random` rule; null for `first`. */
  seed: z.int().nullable(),
});

/** A user's own module (benchmark, system or metric) as it was used. */
const moduleSchema = z.strictObject({ file: z.string().min(1), sha256 });

/**
 * `manifest.json` of a run's folder (`<kind>-<first 16 characters of key>/`). It is written last: a folder with one is complete, and holds
 *
 * - `examples.jsonl.gz`: the questions asked, in the benchmark's order (native format), so that the folder can be scored by itself;
 * - `predictions.jsonl`: one Prediction a line, without `ms`; the same bytes on every run;
 * - `timings.jsonl`: `{"id","ms":{...}}`, one line for each prediction;
 * - `failures.jsonl`: `{"id","error"}`; a failed question has no prediction, and must not be scored as a wrong answer.
 */
export const runManifestSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('predict'),
  /** SHA-256 over the canonical JSON of all that the predictions depend on (harness/suite/job.ts). */
  key: sha256,
  /** Name of the suite that ran it last. */
  suite: z.string(),
  system: z.strictObject({
    id: z.string(),
    description: z.string(),
    module: moduleSchema.nullable(),
    /** There, and false, for a system that only ranks: its predictions are empty, and quality of answers is not measured. */
    answers: z.literal(false).optional(),
  }),
  /** The system's settings with its defaults filled in. */
  settings: z.record(z.string(), z.unknown()),
  /** The setting `ratio` where the system has one: the nominal compression ratio. */
  ratio: z.number().positive().nullable(),
  benchmark: z.strictObject({
    id: z.string(),
    split: z.string(),
    /** Path of the data file, for people; null where a module made the examples. Everything that reads a run reads `examples`. */
    file: z.string().nullable(),
    /** SHA-256 of the data file, or of the module. */
    sha256,
    module: moduleSchema.nullable(),
    /** Of a generated benchmark, what its questions were generated with: all dials. Not in the run's key, since its questions are. */
    dials: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
  }),
  selection: selectionSchema,
  /** `examples.jsonl.gz`. `sha256` is over its lines before compression: two runs answered the same questions exactly when it is equal. */
  examples: z.strictObject({ count, sha256 }),
  /** null for a system that needs no language model. */
  model: z.strictObject({ id: z.string(), hash: z.string().min(1) }).nullable(),
  seed: z.int(),
  /** Key of the training that the answers come from; null, or absent, for a system that is not trained. */
  trained: sha256.nullable().default(null),
  maxNewTokens: z.int().positive(),
  /** SHA-256 of the words in which questions are asked (harness/prompt-hash.ts); absent in runs from before it was noted. */
  prompt: sha256.optional(),
  batch: z.int().positive(),
  /** The metric preset that the suite asks for; has no influence on the predictions. */
  preset: z.string(),
  /** Further metrics that the suite asks for: ids, or absolute paths of modules. */
  metrics: z.array(z.string()),
  counts: z.strictObject({ questions: count, predictions: count, failures: count }),
  /** SHA-256 of the files as they lie there. */
  files: z.strictObject({ predictions: sha256, timings: sha256, failures: sha256 }),
  /** Working time over all sessions that made the run, loading of the model included, milliseconds. */
  wallMs: z.number().nonnegative(),
  /** Sessions that it took: 1 for an undisturbed run. */
  sessions: z.int().positive(),
  /** Most resident memory of a process while it worked on this run; the most of all sessions. */
  peakMemoryBytes: count,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  versions: z.strictObject({
    program: z.string(),
    /** Of the program's clone, and whether its files differed from it; null where it was none, absent in runs from before it was noted. */
    commit: z.strictObject({ commit: z.string(), changed: z.boolean() }).nullable().optional(),
    node: z.string(),
    /** With the device, `2.21.0 cpu`; null where no model was loaded. */
    tensorflow: z.string().nullable(),
  }),
  machine: z.strictObject({
    host: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.int().positive(),
    /** Threads that TensorFlow was given for one operation. */
    threads: z.int().positive(),
    memoryBytes: count,
  }),
});

/** What a finished run is and what it cost. */
export type RunManifest = z.infer<typeof runManifestSchema>;
