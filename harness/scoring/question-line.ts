import { z } from 'zod';
import type { Question } from '../metrics/metric.ts';
import { isId, isIndexes, isObject } from './line-checks.ts';
import type { LineFormat } from './records.ts';

const questionSchema = z.object({
  id: z.string().min(1),
  answers: z.array(z.string()).min(1),
  pos_index: z.array(z.int().nonnegative()),
});

/** What scoring reads of lines in the native format. The passages are not read, and so not checked again (`data verify` does). */
export const questionLine: LineFormat<Question> = {
  isPlain(content): content is Question {
    if (!isObject(content) || !isId(content.id) || !isIndexes(content.pos_index)) return false;
    const { answers } = content;
    return Array.isArray(answers) && answers.length > 0 && answers.every((answer) => typeof answer === 'string');
  },
  schema: (content) => questionSchema.safeParse(content),
  shorten: withoutDocs,
};

const DOCS = /,\s*"docs"\s*:\s*\[/;
const POSITIONS = /(,\s*"pos_index"\s*:\s*\[[\d\s,]*\]\s*\})\s*$/;
/** Positions are looked for in the line's last characters only; a longer list takes the slow way. */
const TAIL = 4096;

/**
 * A line of the native format without its passages, which are most of its length. Where the keys do not stand in the order in which they are written
 * everywhere (..., docs, pos_index), the line is returned as it is.
 *
 * Text cannot be mistaken for the keys: inside a JSON string a quote is escaped, so that `,"docs"` with plain quotes is a key after a comma.
 */
function withoutDocs(line: string): string {
  const docs = DOCS.exec(line);
  const positions = docs && POSITIONS.exec(line.length > TAIL ? line.slice(-TAIL) : line);
  return docs && positions ? line.slice(0, docs.index) + positions[1]! : line;
}
