import { z } from 'zod';

const terms = z.record(z.string(), z.number());

/** Name of the file in a training's folder. */
export const CURVE = 'curve.jsonl';

/** A line of `curve.jsonl`: a step, or a validation after one. */
export const curveLineSchema = z.union([
  z.strictObject({
    step: z.int().positive(),
    /** Means over the batch; `loss` is what is minimised. */
    terms,
    learningRate: z.number(),
    /** Of all gradients together, before clipping. */
    gradientNorm: z.number(),
    /** Rows that went through the decoder. */
    tokens: z.int().nonnegative(),
    ms: z.number().nonnegative(),
  }),
  z.strictObject({
    step: z.int().positive(),
    /** Means over the held-out items. */
    validation: terms,
    ms: z.number().nonnegative(),
  }),
]);

/** A line of `curve.jsonl`. */
export type CurveLine = z.infer<typeof curveLineSchema>;
