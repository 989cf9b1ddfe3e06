import { z } from 'zod';
import { atlasDials } from '../../datasets/atlas/dials.ts';
import { BENCHMARK_NAME, GENERATED } from '../../datasets/open-benchmark.ts';
import { presets } from '../metrics/presets.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits, dots, - and _');
const positive = z.int().positive();
const modulePath = z.string().regex(/\.(ts|js|mjs)$/, 'expected the path of a module (.ts, .js or .mjs)');
const presetIds = presets.map(({ id }) => id);

/** What a suite that does not say it has; the same holds for `predict`. */
export const suiteDefaults = { maxNewTokens: 32, batch: 8, seed: 0 } as const;

/** A bare text stands for an entry with that id. */
const entry = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((given) => (typeof given === 'string' ? { id: given } : given), z.strictObject(shape));

/** Says that exactly one of the keys must be there. */
function exactlyOne(keys: readonly string[]): z.core.CheckFn<Record<string, unknown>> {
  return ({ value, issues }) => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length === 1) return;
    const message = `expected exactly one of ${keys.join(', ')}, got ${given.length === 0 ? 'none' : given.join(' and ')}`;
    issues.push({ code: 'custom', input: value, message });
  };
}

function dialsOfGenerated({ value, issues }: z.core.ParsePayload<{ id?: string; dials?: unknown }>): void {
  if (value.dials === undefined || value.id === GENERATED) return;
  issues.push({
    code: 'custom',
    input: value.dials,
    path: ['dials'],
    message: `expected dials with the generated benchmark (id: ${GENERATED}) only`,
  });
}

const questions = {
  /** Id of a benchmark in the data folder, `atlas`, of which `limit` questions are generated (1,000 without it), or `sample`. */
  id: z.string().regex(BENCHMARK_NAME, 'expected letters, digits, - and _').optional(),
  /** A file in the native format. */
  file: z
    .string()
    .regex(/\.jsonl(\.gz)?$/, 'expected a file that ends in .jsonl or .jsonl.gz')
    .optional(),
  /** A module whose default export is a Benchmark. */
  module: modulePath.optional(),
  split: name.optional(),
  /** Questions at most; all without it. */
  limit: positive.optional(),
  /** Which questions a limit takes: the first of the file, or ones drawn with `seed`. */
  select: z.enum(['first', 'random']).default('first'),
  seed: z.int().default(0),
  /** How atlas's questions are generated. */
  dials: atlasDials.optional(),
};
const source = exactlyOne(['id', 'file', 'module']);
const benchmark = entry(questions).check(source, dialsOfGenerated);
const training = entry({ ...questions, split: name.default('train') }).check(source, dialsOfGenerated);

const system = entry({
  id: name.optional(),
  /** A module whose default export is a System. */
  module: modulePath.optional(),
  /** The system's settings; a list stands for one job for each of its values. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Other models than the suite's; an empty list for a system that needs none. */
  models: z.array(z.string().min(1)).optional(),
}).check(exactlyOne(['id', 'module']));

/** What a suite file holds: every benchmark is answered by every system with every one of its settings, every model and every seed. */
export const suiteSchema = z.strictObject({
  /** Name in reports; the file's name by default. */
  name: name.optional(),
  description: z.string().optional(),
  /** Folder of the benchmarks that are named by id, relative to the suite file. `--data-root` and then CLARA_BENCH_DATA go before it. */
  data: z.string().min(1).optional(),
  /** Ids of models, or paths of folders and files (they begin with `.` or `/`). */
  models: z.array(z.string().min(1)).default([]),
  benchmarks: z.array(benchmark).min(1, 'expected at least one benchmark'),
  systems: z.array(system).min(1, 'expected at least one system'),
  /** The questions that every trained system is trained on, in this order; needed where there is one. They must not be among those of the benchmarks. */
  training: training.optional(),
  /** Settings of trained systems: each gets those that it has and that its own `settings` do not give (`steps: 100`). */
  defaults: z.record(z.string(), z.unknown()).default({}),
  seeds: z.array(z.int()).min(1, 'expected at least one seed').default([suiteDefaults.seed]),
  maxNewTokens: positive.max(4096).default(suiteDefaults.maxNewTokens),
  /** Questions answered together; has no influence on the answers. */
  batch: positive.max(4096).default(suiteDefaults.batch),
  preset: z.enum(presetIds, `expected one of ${presetIds.join(', ')}`).default(presetIds[0]!),
  /** Further metrics: paths of modules whose default export is a Metric. */
  metrics: z.array(modulePath).default([]),
});
