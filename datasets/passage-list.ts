import { z } from 'zod';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';

const passage = z.object({
  title: z.string().nullish(),
  text: z.string(),
  isgold: z.boolean().optional(),
  has_answer: z.boolean().optional(),
  hasanswer: z.boolean().optional(),
});

const schema = z.object({
  id: z.union([z.string().min(1), z.int()]).optional(),
  question: z.string(),
  answers: z.array(z.string()).min(1),
  ctxs: z.array(passage),
});

/**
 * Retrieved passages a question, as lost-in-the-middle and DPR publish them. Gold is what is flagged `isgold`; where no passage of a question has
 * that flag at all, the passages flagged `has_answer` (DPR's own definition of a hit).
 */
export const passageList: Format = {
  id: 'ctxs',
  description:
    'passages a question: {question, answers, ctxs: [{title, text, isgold or has_answer}]} (lost in the middle, DPR)',
  matches: (record) => 'question' in record && 'ctxs' in record,
  read: readRecord(schema, ({ id, question, answers, ctxs }) => {
    const labelled = ctxs.some(({ isgold }) => isgold !== undefined);
    return {
      id: id === undefined ? undefined : String(id),
      question,
      answers,
      docs: ctxs.map(({ title, text }) => ({ title: title ?? '', text })),
      pos_index: ctxs.flatMap(({ isgold, has_answer, hasanswer }, index) =>
        (labelled ? isgold : (has_answer ?? hasanswer)) ? [index] : [],
      ),
    };
  }),
};
