import { z } from 'zod';
import type { Draft, Format } from './format.ts';
import { readRecord } from './read-record.ts';

/** [title, sentences] */
const paragraph = z.tuple([z.string(), z.array(z.string())]);

/** [title, sentence number] */
const supportingFact = z.tuple([z.string(), z.int()]);

/** What HotpotQA and 2WikiMultihopQA have in common. */
export const hotpotqaSchema = z.object({
  _id: z.string().min(1),
  question: z.string(),
  answer: z.string(),
  context: z.array(paragraph),
  supporting_facts: z.array(supportingFact),
});

/** A record of HotpotQA's layout as a draft: gold passages are those whose titles the supporting facts name. */
export function hotpotqaDraft(row: z.infer<typeof hotpotqaSchema>, sentenceGlue: '' | ' '): Draft {
  const gold = new Set(row.supporting_facts.map(([title]) => title));
  const titles = new Set(row.context.map(([title]) => title));
  return {
    id: row._id,
    question: row.question,
    answers: [row.answer],
    docs: row.context.map(([title, sentences]) => ({ title, text: sentences.join(sentenceGlue) })),
    pos_index: row.context.flatMap(([title], index) => (gold.has(title) ? [index] : [])),
    missingGold: [...gold].filter((title) => !titles.has(title)).length,
  };
}

/**
 * HotpotQA as published: one JSON array, distractor setting (10 paragraphs, all gold ones among them) and fullwiki setting (retrieved
 * paragraphs, gold ones may be missing: they are counted). Its sentences carry their own leading spaces and are joined as they are.
 */
export const hotpotqa: Format = {
  id: 'hotpotqa',
  description: 'HotpotQA, distractor or fullwiki: JSON array of {_id, question, answer, context, supporting_facts}',
  matches: (record) => '_id' in record && 'context' in record && !('evidences' in record),
  read: readRecord(hotpotqaSchema, (row) => hotpotqaDraft(row, '')),
};
