import { z } from 'zod';
import { type Prediction, predictionSchema } from '../prediction.ts';
import type { Failure } from '../system.ts';

const failureSchema = z.object({ id: z.string().min(1), error: z.string() });

/** A line of timings.jsonl. */
export const timingSchema = z.object({ id: z.string().min(1), ms: predictionSchema.shape.ms.unwrap() });

/** Checks a line of predictions or failures: a record with an `error` is a failure, also among predictions. */
export function parseAnswer(content: unknown): z.ZodSafeParseResult<Prediction | Failure> {
  const failed = typeof content === 'object' && content !== null && 'error' in content && content.error !== null;
  return failed ? failureSchema.safeParse(content) : predictionSchema.safeParse(content);
}
