import type { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import type { Draft, ReadOptions, Reading } from './format.ts';

/** The `read` of a format with one question a record: checks the record, then makes the draft of it. */
export function readRecord<Row>(
  schema: z.ZodType<Row>,
  toDraft: (row: Row, options: ReadOptions) => Draft,
): (record: unknown, where: string, options: ReadOptions) => Reading[] {
  return (record, where, options) => {
    const parsed = schema.safeParse(record);
    if (!parsed.success) return [{ where, problems: describeIssues(parsed.error, where) }];
    return [{ where, draft: toDraft(parsed.data, options) }];
  };
}
