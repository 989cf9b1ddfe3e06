import { z } from 'zod';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';

const schema = z.object({
  id: z.string().min(1),
  question: z.string(),
  paragraphs: z.array(z.object({ title: z.string(), paragraph_text: z.string(), is_supporting: z.boolean() })),
  answer: z.string(),
  answer_aliases: z.array(z.string()).default([]),
  answerable: z.boolean().default(true),
});

/**
 * MuSiQue as published, answerable and full JSON lines. The full version asks each question twice under one id, with and without all gold
 * paragraphs: a kept unanswerable one gets the id's ending `-unanswerable`.
 */
export const musique: Format = {
  id: 'musique',
  description: 'MuSiQue, answerable or full: JSON lines {id, question, paragraphs, answer, answer_aliases, answerable}',
  matches: (record) => 'paragraphs' in record && 'question' in record,
  read: readRecord(schema, (row) => ({
    id: row.answerable ? row.id : `${row.id}-unanswerable`,
    question: row.question,
    answers: [row.answer, ...row.answer_aliases],
    docs: row.paragraphs.map(({ title, paragraph_text }) => ({ title, text: paragraph_text })),
    pos_index: row.paragraphs.flatMap((paragraph, index) => (paragraph.is_supporting ? [index] : [])),
    unanswerable: !row.answerable,
  })),
};
