import { z } from 'zod';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';

const schema = z.object({
  id: z.string().min(1).optional(),
  question: z.string(),
  answer: z.union([z.array(z.string()).min(1), z.string()]),
});

/** Natural Questions open as published: questions with answers, no passages. */
export const nqOpen: Format = {
  id: 'nq-open',
  description: 'Natural Questions open: JSON lines {question, answer: [...]}, no passages',
  matches: (record) => 'question' in record && 'answer' in record && !('docs' in record) && !('context' in record),
  read: readRecord(schema, ({ id, question, answer }) => ({
    id,
    question,
    answers: typeof answer === 'string' ? [answer] : answer,
    docs: [],
    pos_index: [],
  })),
};
