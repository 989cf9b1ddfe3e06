import { z } from 'zod';

const count = z.int().nonnegative();

/** What a system answered to one question. `id` and `prediction` are all that a file from elsewhere needs. */
export const predictionSchema = z.object({
  id: z.string().min(1),
  prediction: z.string(),
  /** Indexes into the example's docs, best first. */
  ranking: z.array(count).optional(),
  /** Indexes into the example's docs that the answer was made from, in the order in which they were given to the generator. */
  selected: z.array(count).optional(),
  /** `source`: tokens of the selected documents as text; `vectors`: what stands for them in the prompt (memory vectors, or the text's own tokens); `prompt`: the whole prompt; `output`: generated, with the end token; `truncated`: source tokens cut off. */
  tokens: z
    .object({ source: count, vectors: count, prompt: count, output: count, truncated: count })
    .partial()
    .optional(),
  /** Milliseconds by phase, a batch's time divided by its questions. Kept out of a run's predictions, which are the same bytes on every run, in a file beside them. */
  ms: z
    .object({ compress: z.number(), rank: z.number(), prefill: z.number(), decode: z.number() })
    .partial()
    .optional(),
});

/** What a system answered to one question, with what it cost. */
export type Prediction = z.infer<typeof predictionSchema>;
