import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import { InputError } from '../harness/errors.ts';
import type { Format } from './format.ts';
import { hotpotqaDraft, hotpotqaSchema } from './hotpotqa.ts';
import { jsonLayout, readJsonRecords } from './json-records.ts';
import { readRecord } from './read-record.ts';

const schema = hotpotqaSchema.extend({ answer_id: z.string().nullish() });

/** 2WikiMultihopQA as published: HotpotQA's layout with `evidences`, sentences without spaces between them, and aliases in a file of their own. */
export const twoWikiMultihopqa: Format = {
  id: '2wikimultihopqa',
  description: '2WikiMultihopQA: as hotpotqa, with evidences; --aliases takes its id_aliases.json',
  matches: (record) => '_id' in record && 'context' in record && 'evidences' in record,
  read: readRecord(schema, (row, { aliases }) => {
    const draft = hotpotqaDraft(row, ' ');
    return { ...draft, answers: [...draft.answers, ...((row.answer_id && aliases?.get(row.answer_id)) || [])] };
  }),
};

const aliasSchema = z.object({
  Q_id: z.string(),
  aliases: z.array(z.string()),
  demonyms: z.array(z.string()).default([]),
});

/** The answer ids that occur in files of 2WikiMultihopQA: the publisher's alias file holds far more than these, which need not be kept in memory. */
export async function answerIds(files: readonly string[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const file of files) {
    for await (const record of readJsonRecords(file, await jsonLayout(file))) {
      const id = 'value' in record && (record.value as { answer_id?: unknown } | null)?.answer_id;
      if (typeof id === 'string') ids.add(id);
    }
  }
  return ids;
}

/**
 * Aliases by answer id from the publisher's `id_aliases.json` (JSON lines `{Q_id, aliases, demonyms}`); its own scorer counts both lists as right answers.
 *
 * @throws InputError at a row of another form.
 */
export async function readAliases(file: string, wanted: ReadonlySet<string>): Promise<Map<string, string[]>> {
  const aliases = new Map<string, string[]>();
  for await (const record of readJsonRecords(file, await jsonLayout(file))) {
    if ('problems' in record) throw new InputError(record.problems);
    const parsed = aliasSchema.safeParse(record.value);
    if (!parsed.success) throw new InputError(describeIssues(parsed.error, record.where));
    const { Q_id, aliases: names, demonyms } = parsed.data;
    if (wanted.has(Q_id)) aliases.set(Q_id, [...names, ...demonyms]);
  }
  return aliases;
}
