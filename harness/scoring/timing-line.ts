import { z } from 'zod';
import { predictionSchema } from '../prediction.ts';
import { isId, isObject } from './line-checks.ts';
import type { LineFormat } from './records.ts';

const milliseconds = predictionSchema.shape.ms.unwrap();
const timingSchema = z.object({ id: z.string().min(1), ms: milliseconds });
const PHASES = new Set(Object.keys(milliseconds.shape));

/** Lines of timings: `{"id","ms":{...}}`. */
export const timingLine: LineFormat<z.infer<typeof timingSchema>> = {
  isPlain(content): content is z.infer<typeof timingSchema> {
    if (!isObject(content) || !isId(content.id) || !isObject(content.ms)) return false;
    for (const phase in content.ms) {
      if (!PHASES.has(phase) || typeof content.ms[phase] !== 'number') return false;
    }
    return true;
  },
  schema: (content) => timingSchema.safeParse(content),
};
