import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { readLineBatches } from '../files/read-lines.ts';
import { ProblemList } from './problem-list.ts';

/** A record of a file that is joined by id, with the characters of its line: what it takes in memory, roughly. */
export interface Keyed<T> {
  readonly id: string;
  readonly value: T;
  readonly size: number;
}

/** How the lines of one kind of file are read. */
export interface LineFormat<T> {
  /** Says for certain that a line has all that the schema asks for, or that it may not have: then the schema looks. A schema alone takes longer than all the scoring. */
  readonly isPlain: (content: unknown) => content is T;
  readonly schema: (content: unknown) => z.ZodSafeParseResult<T>;
  /** Takes out of a line, before it is parsed, what need not be read. */
  readonly shorten?: (line: string) => string;
}

/** Records that are handed on at once: so few that they are scored and gone before the garbage collector first looks at them. */
const BATCH = 128;

/** The records of a JSON-lines file (`.gz`: gzip) as a stream of batches, each record checked. @throws InputError naming file, line and field of every problem. */
export async function* readRecords<T extends { readonly id: string }>(
  file: string,
  { isPlain, schema, shorten = (line) => line }: LineFormat<T>,
): AsyncGenerator<Keyed<T>[]> {
  const problems = new ProblemList();
  for await (const lines of readLineBatches(file)) {
    let records: Keyed<T>[] = [];
    for (const { text, line } of lines) {
      const short = shorten(text);
      let content: unknown;
      try {
        content = JSON.parse(short);
      } catch (error) {
        problems.add(`${file}:${line}: expected one JSON object a line: ${(error as Error).message}`);
        continue;
      }
      if (records.length === BATCH) {
        yield records;
        records = [];
      }
      if (isPlain(content)) {
        records.push({ id: content.id, value: content, size: short.length });
        continue;
      }
      const parsed = schema(content);
      if (parsed.success) records.push({ id: parsed.data.id, value: parsed.data, size: short.length });
      else problems.add(...describeIssues(parsed.error, `${file}:${line}`));
    }
    yield records;
  }
  problems.end();
}
