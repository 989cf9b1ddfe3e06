import { z } from 'zod';
import { expected } from '../../harness/expected.ts';

const whole = (least: number, most: number) => {
  const message = expected(`a whole number from ${least} to ${most}`);
  return z.int(message).min(least, message).max(most, message);
};
const share = (() => {
  const message = expected('a number from 0 to 1');
  return z.number(message).min(0, message).max(1, message);
})();

/** What makes atlas's questions easy or hard, with defaults. */
export const atlasDials = z
  .strictObject({
    /** Passages of a question, the gold ones included. */
    documents: whole(1, 24).default(4),
    /** Probability that a distractor states the asked attribute too, with another value. */
    shared: share.default(0.5),
    /** Probability that a distractor's name has the first or the last word of the gold entity's. */
    names: share.default(0.25),
    /** Statements of a passage. */
    facts: whole(1, 6).default(4),
    /** Passages are padded with sentences that say nothing to so many word tokens at most, title included; null: none is. */
    length: whole(24, 200).nullable().default(null),
    /** 2: questions go through an entity that another passage names; both passages are gold. */
    hops: z.union([z.literal(1), z.literal(2)], expected('1 or 2')).default(1),
    /** Share of yes/no questions that compare two entities; both passages are gold. */
    comparison: share.default(0),
    /** `one` question on a list of passages, or `all` facts of the gold passage, one after the other on the same list. */
    ask: z.enum(['one', 'all'], expected('one or all')).default('one'),
    /** Other seeds give other questions. */
    seed: z.int(expected('a whole number')).default(0),
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
