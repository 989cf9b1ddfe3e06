import { z } from 'zod';
import type { Document } from './example.ts';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';
import { stableOrder } from './stable-order.ts';

const passages = z.array(z.object({ title: z.string().nullish(), text: z.string() })).default([]);

const titled = ({ title, text }: { title?: string | null; text: string }): Document => ({ title: title ?? '', text });

const schema = z.object({
  question: z.string(),
  answers: z.array(z.string()).min(1),
  positive_ctxs: passages,
  negative_ctxs: passages,
  hard_negative_ctxs: passages,
});

/**
 * DPR's training files: positives, hard negatives, negatives. As the file's order would give the gold passages away, the candidates are put in a
 * stable order without pattern (`stableOrder`). `--passages` then cuts negatives, the hard ones last.
 */
export const dpr: Format = {
  id: 'dpr',
  description: 'DPR training files: {question, answers, positive_ctxs, negative_ctxs, hard_negative_ctxs}',
  matches: (record) => 'question' in record && 'positive_ctxs' in record,
  read: readRecord(schema, ({ question, answers, positive_ctxs, negative_ctxs, hard_negative_ctxs }, options) => {
    const room = Math.max(0, (options.passages ?? Infinity) - positive_ctxs.length);
    const negatives = [...hard_negative_ctxs, ...negative_ctxs].slice(0, room);
    return { question, answers, ...stableOrder(question, positive_ctxs.map(titled), negatives.map(titled)) };
  }),
};
