import { z } from 'zod';

const document = z.strictObject({
  title: z.string(),
  text: z.string(),
  /** For compression pretraining: questions that the passage alone answers. */
  pairs: z.array(z.strictObject({ question: z.string().min(1), answer: z.string().min(1) })).optional(),
  /** For compression pretraining: what the passage says, in other words. */
  paraphrase: z.string().min(1).optional(),
});

/**
 * One question of a benchmark: the one record type that every reader yields and every system gets.
 * `answers`: the gold answer first, then its aliases. `docs`: the candidate passages in the order in which a system sees them.
 * `pos_index`: sorted, zero-based indexes into `docs` of the gold passages; empty where the benchmark names none.
 */
export const exampleSchema = z
  .strictObject({
    id: z.string().min(1),
    question: z.string().min(1),
    answers: z.array(z.string()).min(1),
    docs: z.array(document),
    pos_index: z.array(z.int().nonnegative()),
  })
  .superRefine((example, context) => {
    example.pos_index.forEach((index, at) => {
      if (index >= example.docs.length) {
        context.addIssue({
          code: 'custom',
          path: ['pos_index', at],
          message: `expected an index below ${example.docs.length} (the number of docs), got ${index}`,
        });
      } else if (at > 0 && index <= example.pos_index[at - 1]!) {
        context.addIssue({
          code: 'custom',
          path: ['pos_index', at],
          message: `expected rising indexes, got ${index} after ${example.pos_index[at - 1]}`,
        });
      }
    });
  });

/** A question with its gold answers, candidate passages and the indexes of the gold passages. */
export type Example = z.infer<typeof exampleSchema>;

/** A candidate passage. */
export type Document = z.infer<typeof document>;
