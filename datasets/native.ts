import { describeIssues } from '../harness/describe-issues.ts';
import { InputError } from '../harness/errors.ts';
import { readLines } from '../harness/files/read-lines.ts';
import { exampleSchema, type Example } from './example.ts';
import type { Format } from './format.ts';
import { readRecord } from './read-record.ts';

/** The native format as a format to import from: brings a file of one's own under a benchmark's id. */
export const native: Format = {
  id: 'native',
  description:
    'the native format: JSON lines {id, question, answers: [...], docs: [{title, text, pairs?, paraphrase?}], pos_index: [...]}',
  matches: (record) =>
    'answers' in record &&
    Array.isArray(record.docs) &&
    (record.docs.length === 0 || typeof record.docs[0] === 'object') &&
    'pos_index' in record,
  read: readRecord(exampleSchema, (example) => example),
};

/**
 * The examples of a file in the native format: JSON lines, one Example a line; a `.gz` ending means gzip. Streamed, each row checked.
 *
 * @throws InputError at the first bad row, with all its problems (file, line and field).
 */
export async function* readNative(file: string): AsyncGenerator<Example> {
  for await (const { text, line } of readLines(file)) {
    const where = `${file}:${line}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new InputError(`${where}: expected one JSON object a line, got no JSON (${(error as Error).message})`);
    }
    const parsed = exampleSchema.safeParse(value);
    if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
    yield parsed.data;
  }
}

/** The native format's line of an example, without its end: keys in their fixed order, so that the same example is always the same bytes. */
export function nativeLine({ id, question, answers, docs, pos_index }: Example): string {
  return JSON.stringify({
    id,
    question,
    answers,
    // Keys without a value are left out.
    docs: docs.map(({ title, text, pairs, paraphrase }) => ({
      title,
      text,
      pairs: pairs?.map(({ question, answer }) => ({ question, answer })),
      paraphrase,
    })),
    pos_index,
  });
}
