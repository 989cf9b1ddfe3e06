import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';

const docs = z.array(z.string()).min(1);
const textOrList = z.union([z.array(z.string()).min(1), z.string()]);

const list = (value: string | readonly string[]): string[] => (typeof value === 'string' ? [value] : [...value]);
const untitled = (text: string): { title: string; text: string } => ({ title: '', text });
const all = (items: readonly unknown[]): number[] => items.map((_, index) => index);

/** Rows of type paraphrase have no question; the reference draws a prompt at training time. */
const PARAPHRASE = 'Paraphrase the passage.';

const pretrainingSchema = z.object({
  data_type: z.string(),
  question: z.union([z.array(z.string()), z.string()]).nullish(),
  answers: z.array(z.string()).min(1),
  docs,
});

/** CLaRa's compression pre-training rows: each question and answer pair of a row is one example over the row's documents, all of them gold. */
export const claraPretraining: Format = {
  id: 'clara-pretraining',
  description:
    'CLaRa stage 1: JSON lines {data_type, question: [...], answers: [...], docs: [...]}, one example a pair',
  matches: (record) => 'data_type' in record && 'answers' in record && 'docs' in record,
  read: (record, where) => {
    const parsed = pretrainingSchema.safeParse(record);
    if (!parsed.success) return [{ where, problems: describeIssues(parsed.error, where) }];
    const { data_type, answers, docs } = parsed.data;
    const questions = data_type === 'paraphrase' ? answers.map(() => PARAPHRASE) : list(parsed.data.question ?? []);
    if (questions.length !== answers.length) {
      const problem = `${where}: question: expected ${answers.length} questions (one an answer), got ${questions.length}`;
      return [{ where, problems: [problem] }];
    }
    return questions.map((question, index) => ({
      where: questions.length > 1 ? `${where}: pair ${index}` : where,
      draft: { question, answers: [answers[index]!], docs: docs.map(untitled), pos_index: all(docs) },
    }));
  },
};

/** CLaRa's instruction tuning rows. Gold is `gold_answer`; the teacher's `answer`, which only training uses, is not taken over. No gold passages. */
export const claraInstruction: Format = {
  id: 'clara-instruction',
  description: 'CLaRa stage 2: JSON lines {question, docs: [...], gold_answer, answer}; the gold answer is gold_answer',
  matches: (record) => 'gold_answer' in record && 'docs' in record,
  read: readRecord(z.object({ question: z.string(), docs, gold_answer: textOrList }), (row) => ({
    question: row.question,
    answers: list(row.gold_answer),
    docs: row.docs.map(untitled),
    pos_index: [],
  })),
};

const endToEndSchema = z
  .object({
    question: z.string(),
    answer: textOrList.optional(),
    answers: z.array(z.string()).min(1).optional(),
    golden_answers: z.array(z.string()).min(1).optional(),
    docs,
    pos_index: z.union([z.array(z.int().nonnegative()), z.int().nonnegative()]).default([]),
  })
  .superRefine(({ answer, answers, golden_answers, docs, pos_index }, context) => {
    if (answer === undefined && answers === undefined && golden_answers === undefined) {
      const message = 'expected a text or a list of texts (or golden_answers or answers), got undefined';
      context.addIssue({ code: 'custom', path: ['answer'], message });
    }
    [pos_index].flat().forEach((position, at) => {
      if (position < docs.length) return;
      const message = `expected an index below ${docs.length} (the number of docs), got ${position}`;
      context.addIssue({ code: 'custom', path: ['pos_index', at], message });
    });
  });

/** CLaRa's end-to-end rows, of training (`answer`) and of evaluation (`golden_answers`); a repeated index of a gold passage counts once. */
export const claraEndToEnd: Format = {
  id: 'clara-end-to-end',
  description: 'CLaRa stage 3: JSON lines {question, answer or golden_answers, docs: [...], pos_index: [...]}',
  matches: (record) =>
    'question' in record &&
    Array.isArray(record.docs) &&
    (record.docs.length === 0 || typeof record.docs[0] === 'string'),
  read: readRecord(endToEndSchema, (row) => ({
    question: row.question,
    answers: list(row.golden_answers ?? row.answers ?? row.answer ?? []),
    docs: row.docs.map(untitled),
    pos_index: [...new Set([row.pos_index].flat())].sort((a, b) => a - b),
  })),
};
