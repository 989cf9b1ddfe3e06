import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../../harness/errors.ts';
import { readJson } from '../../harness/files/read-json.ts';
import type { ProgramCommit } from '../../harness/program-commit.ts';

/** Files of a report grow with its runs and trainings, by some 20 KB each. */
const MAX_BYTES = 1 << 28;

const scoreSchema = z.looseObject({
  metric: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative(),
});

/** Of a row: its runs, one for each training seed. */
const seedsSchema = z.array(z.looseObject({ run: z.string() })).min(1);
const sideSchema = z.looseObject({ seeds: seedsSchema });
const meanSchema = z.looseObject({
  mean: z.number(),
  interval: z.looseObject({ low: z.number(), high: z.number() }).nullable(),
});

const dataSchema = z.looseObject({
  format: z.literal(1),
  title: z.string(),
  summary: z.string(),
  metrics: z.array(z.looseObject({ id: z.string(), description: z.string(), unit: z.string() })),
  runs: z.array(z.looseObject({ run: z.string(), key: z.string() })),
  rows: z
    .array(
      z.looseObject({
        seeds: seedsSchema,
        system: z.string(),
        label: z.string(),
        benchmark: z.string(),
        model: z.string(),
        ratio: z.number().nullable(),
        setting: z.string(),
        measuredRatio: z.number().nullable(),
        questions: z.int(),
        scored: z.int(),
        failures: z.int(),
        scores: z.array(scoreSchema),
      }),
    )
    .min(1),
  differences: z.array(
    z.looseObject({
      one: sideSchema,
      other: sideSchema,
      n: z.int(),
      exactMatch: meanSchema,
      f1: meanSchema,
      correctedP: z.number(),
    }),
  ),
});

const commitSchema = z.looseObject({ commit: z.string(), changed: z.boolean() });

const manifestSchema = z.looseObject({
  format: z.literal(1),
  scorer: z.looseObject({ preset: z.string(), sha256: z.string() }),
  program: commitSchema.nullable(),
  runs: z.array(
    z.looseObject({
      key: z.string(),
      suite: z.string(),
      benchmark: z.looseObject({ split: z.string() }),
      examples: z.looseObject({ count: z.int(), sha256: z.string() }),
      prompt: z.string().optional(),
      trained: z.string().nullable().optional(),
      model: z.looseObject({ id: z.string(), hash: z.string() }).nullable(),
      files: z.looseObject({ predictions: z.string() }),
      finishedAt: z.iso.datetime(),
      versions: z.looseObject({ program: z.string(), commit: commitSchema.nullable().optional() }),
    }),
  ),
});

/** A system as a report scored it: one run, or one for each training seed. */
export type PublishedRow = z.infer<typeof dataSchema>['rows'][number] & {
  /** Of its runs, by seed. */
  readonly manifests: readonly [RunOfReport, ...RunOfReport[]];
};

type RunOfReport = z.infer<typeof manifestSchema>['runs'][number];

/** What a site says of a report, read from its `data.json` and `manifest.json`. */
export interface PublishedReport {
  /** The report's folder as it was given. */
  readonly folder: string;
  /** Its folder in the site, under `reports/`. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly scorer: { readonly preset: string; readonly sha256: string };
  /** Commit of the program that wrote the report; null where that was no clone. */
  readonly program: ProgramCommit | null;
  readonly metrics: z.infer<typeof dataSchema>['metrics'];
  readonly rows: readonly PublishedRow[];
  readonly differences: z.infer<typeof dataSchema>['differences'];
}

/** Reads a report's folder. @throws InputError where a file is missing, is not what `clara-bench report` writes, or the two do not belong together. */
export async function readReport(folder: string, name: string): Promise<PublishedReport> {
  const [data, manifest] = await Promise.all([
    readJson(path.join(folder, 'data.json'), dataSchema, MAX_BYTES),
    readJson(path.join(folder, 'manifest.json'), manifestSchema, MAX_BYTES),
  ]);
  const byKey = new Map(manifest.runs.map((run) => [run.key, run]));
  const byName = new Map(
    data.runs.flatMap(({ run, key }) => (byKey.has(key) ? [[run, byKey.get(key)!] as const] : [])),
  );
  const missing = data.rows.flatMap(({ seeds }) => seeds.flatMap(({ run }) => (byName.has(run) ? [] : [run])));
  if (missing.length > 0) {
    throw new InputError(
      `${folder}: expected the runs of data.json in manifest.json, got none for ${missing.join(', ')}: write the report again`,
    );
  }
  const { title, summary, metrics, differences } = data;
  return {
    folder,
    name,
    title,
    summary,
    scorer: manifest.scorer,
    program: manifest.program,
    metrics,
    rows: data.rows.map((row) => {
      const [first, ...rest] = row.seeds.map(({ run }) => byName.get(run)!);
      return { ...row, manifests: [first!, ...rest] };
    }),
    differences,
  };
}

/** When the last question of a row was answered, ISO 8601. */
export function finishedAt({ manifests }: PublishedRow): string {
  return manifests
    .map(({ finishedAt }) => finishedAt)
    .sort()
    .at(-1)!;
}

/** By what a row is the same in two reports: its runs and their answers. */
export function answersOf({ manifests }: PublishedRow): string {
  return manifests
    .map(({ key, files }) => `${key} ${files.predictions}`)
    .sort()
    .join(' ');
}
