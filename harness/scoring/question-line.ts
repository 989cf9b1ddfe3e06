import { z } from 'zod';
import type { Question } from '../metrics/metric.ts';

/** What scoring reads of a line of the native format; the passages are not checked again here (`data verify` does). */
const questionSchema = z.object({
  id: z.string().min(1),
  answers: z.array(z.string()).min(1),
  pos_index: z.array(z.int().nonnegative()),
});

/** Checks what scoring reads of a line of the native format. */
export const parseQuestion = (content: unknown): z.ZodSafeParseResult<Question> => questionSchema.safeParse(content);

const DOCS = /,\s*"docs"\s*:\s*\[/;
const POSITIONS = /\]\s*(,\s*"pos_index"\s*:\s*\[[\d\s,]*\]\s*\})\s*$/;
/** The pattern above is tried on the line's end only, as it would look at every `]` of the passages; longer lists take the slow way. */
const TAIL = 4096;

/**
 * A line of the native format without its passages, which are most of its length and which no metric reads. Where the keys do not stand in the order
 * that is written everywhere (..., docs, pos_index), the line is returned as it is.
 *
 * Text cannot be mistaken for the keys: inside a JSON string a quote is escaped, so that `,"docs"` with plain quotes is a key after a comma.
 */
export function withoutDocs(line: string): string {
  const docs = DOCS.exec(line);
  if (!docs) return line;
  const positions = POSITIONS.exec(line.slice(-TAIL));
  if (!positions) return line;
  return line.slice(0, docs.index) + positions[1]!;
}
