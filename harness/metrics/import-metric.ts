import { z } from 'zod';
import { functionMember, importDefault } from '../import-default.ts';
import type { Metric, MetricUnit } from './metric.ts';

const units = ['share', 'words', 'tokens', 'x', 'ms', 'bytes'] as const satisfies readonly MetricUnit[];

/** A user's own metric: the default export of a module (an absolute path). @throws InputError where it is missing, cannot be loaded, or is no Metric. */
export async function importMetric(file: string): Promise<Metric> {
  const { value } = await importDefault<Metric>('Metric', file, {
    id: z.string().min(1),
    description: z.string(),
    unit: z.enum(units),
    binary: z.boolean(),
    ofAnswer: z.boolean().optional(),
    score: functionMember,
    weight: functionMember.optional(),
  });
  return value;
}
