import { z } from 'zod';
import { describeIssues } from '../../harness/describe-issues.ts';
import { InputError } from '../../harness/errors.ts';
import { expected } from '../../harness/expected.ts';

const whole = (least: number, most: number) => {
  const message = expected(`a whole number from ${least} to ${most}`);
  return z.int(message).min(least, message).max(most, message);
};
const share = (() => {
  const message = expected('a number from 0 to 1');
  return z.number(message).min(0, message).max(1, message);
})();

/** What makes atlas's questions easy or hard, with defaults; the descriptions are those of `--help`. */
export const atlasDials = z
  .strictObject({
    documents: whole(1, 24).default(4).describe('Passages of a question, the gold ones included'),
    shared: share
      .default(0.5)
      .describe('Probability that a distractor states the asked attribute too, with another value'),
    names: share.default(0.25).describe("Probability that a distractor's name has a word of the gold entity's"),
    facts: whole(1, 6).default(4).describe('Statements of a passage'),
    length: whole(24, 200)
      .nullable()
      .default(null)
      .describe(
        'Word tokens, title included, to which passages are padded with sentences that say nothing asked; null: none is padded',
      ),
    hops: z
      .literal([1, 2], expected('1 or 2'))
      .default(1)
      .describe('2: questions go through an entity that another passage names; both passages are gold'),
    comparison: share
      .default(0)
      .describe('Share of questions that compare two entities (yes as often as no); both passages are gold'),
    ask: z
      .enum(['one', 'all'], expected('one or all'))
      .default('one')
      .describe('One question on a list of passages, or all facts of the gold passage, one after the other'),
    seed: z.int(expected('a whole number')).default(0).describe('Other seeds give other questions'),
  })
  .check(({ value, issues }) => {
    const problem = (path: keyof typeof value, message: string): void => {
      issues.push({ code: 'custom', input: value[path], path: [path], message });
    };
    const pairs = value.hops === 2 || value.comparison > 0;
    if (pairs && value.documents < 2) {
      problem('documents', `expected at least 2 for questions with two gold passages, got ${value.documents}`);
    }
    if (pairs && value.ask === 'all') problem('ask', 'expected one for questions with two gold passages, got all');
  });

/** Dials with all defaults filled in. */
export type AtlasDials = z.output<typeof atlasDials>;

/** Checks dials that were given, and fills in the others. @throws InputError with all problems; `where` says where the dials stand. */
export function checkDials(given: unknown, where: string): AtlasDials {
  const parsed = atlasDials.safeParse(given);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
  return parsed.data;
}
