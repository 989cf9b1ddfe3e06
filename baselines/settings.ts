import { z } from 'zod';
import { InputError } from '../harness/errors.ts';
import { PROMPT_STYLES } from '../harness/prompt.ts';

/** Which candidates a system reads: the gold passages in the order of `pos_index`, all in the order given, or the first n. */
export const docsSetting = z
  .union([z.enum(['gold', 'all']), z.int().min(1)], { error: 'expected gold, all or a whole number of at least 1' })
  .default('all');

/** How the prompt ends (harness/prompt.ts). */
export const promptSetting = z
  .enum(PROMPT_STYLES, { error: `expected ${PROMPT_STYLES.join(' or ')}` })
  .default('spaced');

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
  const result = schema.strict().safeParse(given);
  if (result.success) return result.data;
  const known = Object.keys(schema.shape).join(', ');
  throw new InputError(
    result.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => `system ${system}: unknown setting ${key}; it has ${known}`);
      }
      const key = issue.path.join('.');
      return [`system ${system}: setting ${key}: ${issue.message}, got ${JSON.stringify(given[key])}`];
    }),
  );
}
