import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import { InputError } from '../harness/errors.ts';
import { expected } from '../harness/expected.ts';
import { PROMPT_STYLES } from '../harness/prompt.ts';
import type { DocumentChoice } from './choose-documents.ts';

/** Which candidates a system reads (choose-documents.ts). */
export const docsSetting = z
  .custom<Exclude<DocumentChoice, 'none'>>(
    (value) =>
      value === 'gold' ||
      value === 'all' ||
      (typeof value === 'string' && /^(oracle|bm25)-[1-9]\d{0,4}$/.test(value)) ||
      (Number.isSafeInteger(value) && (value as number) >= 1),
    expected('gold, all, a whole number of at least 1, or oracle- or bm25- and such a number'),
  )
  .default('all');

/** How the prompt ends (harness/prompt.ts). */
export const promptSetting = z.enum(PROMPT_STYLES, expected(PROMPT_STYLES.join(' or '))).default('spaced');

/**
 * A system's settings, checked, with the defaults filled in.
 *
 * @throws InputError with every setting that is missing, wrong or unknown.
 */
export function checkSettings<Shape extends z.ZodRawShape>(
  system: string,
  schema: z.ZodObject<Shape>,
  given: Readonly<Record<string, unknown>>,
): z.output<z.ZodObject<Shape>> {
  const result = schema.safeParse(given, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `expected no settings but ${Object.keys(schema.shape).join(', ')}, got ${issue.keys.join(', ')}`
        : undefined,
  });
  if (result.success) return result.data;
  throw new InputError(describeIssues(result.error, `settings of system ${system}`));
}
