import path from 'node:path';
import type { z } from 'zod';
import { readYaml } from '../../harness/files/read-yaml.ts';
import { packageRoot } from '../../harness/home.ts';
import { MARKS, publishedSchema } from './published-schema.ts';

type Tables = z.output<typeof publishedSchema>['tables'];
type Group = Tables[number]['groups'][number];

/** One published figure. */
export interface PublishedValue extends Pick<Group, 'setting' | 'system' | 'start' | 'backbone' | 'variant'> {
  readonly table: { readonly id: string; readonly title: string; readonly place: string };
  readonly metric: { readonly id: string; readonly name: string; readonly definition: string };
  readonly unit: Tables[number]['unit'];
  readonly benchmark: Tables[number]['benchmarks'][number];
  /** Nominal; null where the paper gives none. */
  readonly ratio: number | null;
  /** As printed: percent or milliseconds. */
  readonly value: number;
  /** What must be known of it, in words. */
  readonly marks: readonly string[];
}

/** Where the figures are from. Those that both versions have are the same in both. */
export const PAPER = 'CLaRa, arXiv 2511.18659, versions 2 and 3; tables numbered as in version 3';

const FILES = ['compression', 'end-to-end', 'reranking', 'ablations', 'costs'];

/** All published figures, in the order of the tables. @throws InputError where a file is not as the schema asks. */
export async function loadPublished(): Promise<PublishedValue[]> {
  const files = FILES.map((name) => path.join(packageRoot, 'reports', 'paper', `${name}.yaml`));
  const read = await Promise.all(files.map((file) => readYaml(file, publishedSchema, 'published figures')));
  return read.flatMap(({ tables }) => tables.flatMap(valuesOf));
}

function valuesOf({ id, title, place, unit, metrics, benchmarks, groups }: Tables[number]): PublishedValue[] {
  return groups.flatMap(({ rows, marks, ...group }) =>
    rows.flatMap((row) => {
      const cells = row.values.map((values, at) => ({ benchmark: benchmarks[at]!, values, own: marks }));
      if (row.average) cells.push({ benchmark: 'average', values: row.average, own: [...marks, ...row.marks] });
      return cells.flatMap(({ benchmark, values, own }) =>
        values.flatMap((value, at): PublishedValue[] => {
          if (value === null) return [];
          const told = [...own, ...(row.cells[benchmark] ?? [])].map((mark) => MARKS[mark]);
          return [
            {
              ...group,
              table: { id, title, place },
              metric: metrics[at]!,
              unit,
              benchmark,
              ratio: row.ratio,
              value,
              marks: told,
            },
          ];
        }),
      );
    }),
  );
}
