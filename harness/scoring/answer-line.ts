import { z } from 'zod';
import { type Prediction, predictionSchema } from '../prediction.ts';
import type { Failure } from '../system.ts';
import { isId, isIndexes, isObject } from './line-checks.ts';
import type { LineFormat } from './records.ts';

const failureSchema = z.object({ id: z.string().min(1), error: z.string() });
const tokensSchema = predictionSchema.shape.tokens.unwrap();

/** Lines of predictions and failures. A record with an `error` is a failure, also among predictions. */
export const answerLine: LineFormat<Prediction | Failure> = {
  isPlain(content): content is Prediction {
    if (!isObject(content) || !isId(content.id) || typeof content.prediction !== 'string') return false;
    if (content.ms !== undefined || content.error !== undefined) return false;
    const { ranking, selected, tokens } = content;
    if (ranking !== undefined && !isIndexes(ranking)) return false;
    if (selected !== undefined && !isIndexes(selected)) return false;
    return tokens === undefined || isCounts(tokens);
  },
  schema(content) {
    const failed = isObject(content) && content.error !== undefined && content.error !== null;
    return failed ? failureSchema.safeParse(content) : predictionSchema.safeParse(content);
  },
};

const COUNTS = Object.keys(tokensSchema.shape);

function isCounts(tokens: unknown): boolean {
  if (!isObject(tokens)) return false;
  return COUNTS.every((name) => {
    const count = tokens[name];
    return count === undefined || (Number.isSafeInteger(count) && (count as number) >= 0);
  });
}
