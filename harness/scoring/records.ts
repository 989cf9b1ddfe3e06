import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { readLines } from '../files/read-lines.ts';
import { ProblemList } from './problem-list.ts';

/** A record of a file that is joined by id, with the characters of its line: what it takes in memory, roughly. */
export interface Keyed<T> {
  readonly id: string;
  readonly value: T;
  readonly size: number;
}

/** How the lines of one kind of file are read. */
export interface LineFormat<T> {
  readonly parse: (content: unknown) => z.ZodSafeParseResult<T>;
  /** Takes out of a line, before it is parsed, what need not be read. */
  readonly shorten?: (line: string) => string;
}

/** The records of a JSON-lines file (`.gz`: gzip) as a stream, each checked. @throws InputError naming file, line and field of every problem. */
export async function* readRecords<T extends { readonly id: string }>(
  file: string,
  { parse, shorten = (line) => line }: LineFormat<T>,
): AsyncGenerator<Keyed<T>> {
  const problems = new ProblemList();
  for await (const { text, line } of readLines(file)) {
    const short = shorten(text);
    let content: unknown;
    try {
      content = JSON.parse(short);
    } catch (error) {
      problems.add(`${file}:${line}: expected one JSON object a line: ${(error as Error).message}`);
      continue;
    }
    const parsed = parse(content);
    if (parsed.success) yield { id: parsed.data.id, value: parsed.data, size: short.length };
    else problems.add(...describeIssues(parsed.error, `${file}:${line}`));
  }
  problems.end();
}
