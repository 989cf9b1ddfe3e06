import { z } from 'zod';

/** What a reader must know of a figure. */
export const MARKS = {
  copied: 'copied by the authors from the DRO paper: another scorer, perhaps other splits',
  'f1-below-em': 'F1 under exact match, which one scorer cannot give',
  suspect: 'looks like a typo: exact match does not go with F1 and the neighbouring ratios',
  'average-ours': 'the mean of the row, computed here; the paper prints none',
  'off-the-shelf': 'used as released, while CLaRa and the supervised ranker are trained on each benchmark',
  readme: 'the same figures stand in the repository’s README',
} as const;

/** Benchmarks with figures, and what stands in their place: the mean of the four, texts seen in training or not, or nothing that is noted. */
const PUBLISHED_BENCHMARKS = ['nq', 'hotpotqa', 'musique', '2wiki', 'average', 'seen', 'unseen', 'not-noted'] as const;

const marks = z.array(z.enum(Object.keys(MARKS) as (keyof typeof MARKS)[])).default([]);
const benchmark = z.enum(PUBLISHED_BENCHMARKS);
const value = z.number().nonnegative().nullable();
/** One value a metric; a value alone where the table has one metric. */
const cell = z.union([z.array(value).min(1), value.transform((only) => [only])]);

const tableSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    /** Where it stands in the paper. */
    place: z.string().min(1),
    unit: z.enum(['percent', 'ms']),
    metrics: z
      .array(z.strictObject({ id: z.string().min(1), name: z.string().min(1), definition: z.string().min(1) }))
      .min(1),
    benchmarks: z.array(benchmark).min(1),
    groups: z
      .array(
        z.strictObject({
          /** `normal`: what retrieval found; `oracle`: with the gold passages among it. */
          setting: z.enum(['normal', 'oracle']).nullable().prefault(null),
          system: z.string().min(1),
          /** The stage that the compressor of end-to-end training comes from. */
          start: z.enum(['pretraining', 'instruction']).nullable().prefault(null),
          /** The model that answers, where it is noted. */
          backbone: z.string().min(1).nullable().prefault(null),
          /** What an ablation varies. */
          variant: z.string().min(1).nullable().prefault(null),
          marks,
          rows: z
            .array(
              z.strictObject({
                ratio: z.number().positive().nullable().prefault(null),
                values: z.array(cell).min(1),
                average: cell.optional(),
                marks,
                /** Marks of single cells, by benchmark. */
                cells: z.partialRecord(benchmark, marks).default({}),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  })
  .check(({ value: table, issues }) => {
    const expected = { values: table.benchmarks.length, metrics: table.metrics.length };
    table.groups.forEach(({ rows }, group) =>
      rows.forEach(({ values, average }, row) => {
        const issue = (input: unknown, message: string, ...path: (string | number)[]): void =>
          void issues.push({ code: 'custom', input, message, path: ['groups', group, 'rows', row, ...path] });
        if (values.length !== expected.values)
          issue(values, `expected a value for each of ${expected.values} benchmarks, got ${values.length}`, 'values');
        for (const [at, cell] of [...values, ...(average ? [average] : [])].entries()) {
          if (cell.length !== expected.metrics)
            issue(cell, `expected a value for each of ${expected.metrics} metrics, got ${cell.length} in place ${at}`);
          if (table.unit === 'percent' && cell.some((value) => value !== null && value > 100))
            issue(cell, `expected percent from 0 to 100, got ${cell.join(', ')}`);
        }
      }),
    );
  });

/** A file of published tables. */
export const publishedSchema = z.strictObject({ tables: z.array(tableSchema).min(1) });
