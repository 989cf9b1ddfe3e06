import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import type { Format, Reading } from './format.ts';

// One level at a time, so that a bad question costs no other question of its article.
const articleSchema = z.object({ title: z.string(), paragraphs: z.array(z.unknown()) });
const paragraphSchema = z.object({ context: z.string(), qas: z.array(z.unknown()) });
const questionSchema = z
  .object({
    id: z.string().min(1),
    question: z.string(),
    answers: z.array(z.object({ text: z.string() })),
    is_impossible: z.boolean().default(false),
  })
  .refine((question) => question.is_impossible || question.answers.length > 0, {
    path: ['answers'],
    message: 'expected at least one answer of a question that is not marked is_impossible',
  });

/**
 * SQuAD 1.1 and 2.0 as published, one record an article. Gold is the question's own paragraph, its title the article's. Candidates: that paragraph
 * alone, or all paragraphs of the article in their order. 2.0's impossible questions are unanswerable.
 */
export const squad: Format = {
  id: 'squad',
  description:
    'SQuAD 1.1 or 2.0: {version, data: [{title, paragraphs: [{context, qas}]}]}; --candidates article adds the rest',
  matches: (record) => 'title' in record && 'paragraphs' in record,
  read: (record, where, { candidates }) => {
    const article = articleSchema.safeParse(record);
    if (!article.success) return [{ where, problems: describeIssues(article.error, where) }];
    const title = article.data.title.replaceAll('_', ' ');
    const paragraphs = article.data.paragraphs.map((paragraph, index) => ({
      where: `${where}.paragraphs[${index}]`,
      parsed: paragraphSchema.safeParse(paragraph),
    }));
    const contexts = paragraphs.flatMap(({ parsed }) => (parsed.success ? [parsed.data.context] : []));
    let own = -1;
    return paragraphs.flatMap(({ where, parsed }): Reading[] => {
      if (!parsed.success) return [{ where, problems: describeIssues(parsed.error, where) }];
      own++;
      const texts = candidates === 'article' ? contexts : [parsed.data.context];
      const gold = candidates === 'article' ? own : 0;
      return parsed.data.qas.map((qa, index): Reading => {
        const at = `${where}.qas[${index}]`;
        const question = questionSchema.safeParse(qa);
        if (!question.success) return { where: at, problems: describeIssues(question.error, at) };
        const { id, question: text, answers, is_impossible } = question.data;
        return {
          where: at,
          draft: {
            id,
            question: text,
            answers: answers.map((answer) => answer.text),
            docs: texts.map((context) => ({ title, text: context })),
            pos_index: [gold],
            unanswerable: is_impossible,
          },
        };
      });
    });
  },
};
