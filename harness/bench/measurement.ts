import { z } from 'zod';

/** What one run of one side of a row measured. */
export const measurementSchema = z.object({
  /** Units a second of each repetition, after the first ones, which warm up. */
  values: z.array(z.number()).min(1),
  /** CPU seconds over wall seconds; below the number of cores, something else was running. */
  cpu: z.number(),
  peakMemory: z.number(),
  /** What came of the work, where both sides are to come to the same: the loss of every step, or the answers. */
  results: z.array(z.union([z.number(), z.string()])).optional(),
});

/** What one run of one side of a row measured; peak memory in bytes. */
export type Measurement = z.infer<typeof measurementSchema>;

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
