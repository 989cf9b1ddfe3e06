import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import { InputError } from '../harness/errors.ts';
import { readLines } from '../harness/files/read-lines.ts';
import { collapse } from './collapse.ts';
import type { Document } from './example.ts';
import { readTableRows } from './table-rows.ts';
import { isTable } from './table.ts';

/** More passages than anybody ranks for one question: a file of another kind. */
const MAX_PASSAGES = 100_000;
/** Longer lists of problems help nobody. */
const MAX_PROBLEMS = 20;

const passageSchema = z.object({ title: z.string().default(''), text: z.string() });

/** A passage of a file, or what is wrong at its place. */
type Read = { readonly where: string; readonly document: Document } | { readonly problems: readonly string[] };

/**
 * The passages of a file, told by its ending: `.jsonl` has a `{"title","text"}` a line (title optional), `.csv` and `.tsv` a header line with a column `text` and perhaps
 * `title`, anything else one passage a line. A `.gz` behind it means gzip. White space: every run of it becomes one space.
 *
 * @throws InputError where there is no passage, or with all that is wrong.
 */
export async function readPassages(file: string): Promise<Document[]> {
  const documents: Document[] = [];
  const problems: string[] = [];
  for await (const read of passages(file)) {
    if ('problems' in read) problems.push(...read.problems);
    else {
      const [title, text] = [collapse(read.document.title), collapse(read.document.text)];
      if (text === '') problems.push(`${read.where}: text: expected a passage, got white space only`);
      else documents.push({ title, text });
    }
    if (documents.length > MAX_PASSAGES) throw new InputError(`${file}: expected at most ${MAX_PASSAGES} passages`);
    if (problems.length >= MAX_PROBLEMS) break;
  }
  if (problems.length > 0) throw new InputError(problems.slice(0, MAX_PROBLEMS));
  if (documents.length === 0) throw new InputError(`${file}: expected at least one passage, got none`);
  return documents;
}

function passages(file: string): AsyncGenerator<Read> {
  if (isTable(file)) return tablePassages(file);
  return /\.jsonl(\.gz)?$/i.test(file) ? jsonPassages(file) : linePassages(file);
}

async function* linePassages(file: string): AsyncGenerator<Read> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() !== '') yield { where: `${file}:${line}`, document: { title: '', text } };
  }
}

async function* jsonPassages(file: string): AsyncGenerator<Read> {
  for await (const { text, line } of readLines(file)) {
    const where = `${file}:${line}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      yield { problems: [`${where}: expected one JSON object a line, got no JSON (${(error as Error).message})`] };
      continue;
    }
    const parsed = passageSchema.safeParse(value);
    yield parsed.success ? { where, document: parsed.data } : { problems: describeIssues(parsed.error, where) };
  }
}

async function* tablePassages(file: string): AsyncGenerator<Read> {
  let header: readonly string[] | undefined;
  for await (const { cells, line, faults } of readTableRows(file)) {
    const where = `${file}:${line}`;
    if (faults.length > 0) yield { problems: faults.map((fault) => `${where}: ${fault}`) };
    else if (!header) {
      header = cells.map((cell) => cell.trim());
      if (!header.includes('text')) {
        throw new InputError(`${where}: expected a column "text" (and perhaps "title"), got ${header.join(', ')}`);
      }
    } else if (cells.length !== header.length) {
      yield { problems: [`${where}: expected ${header.length} cells, as in the header, got ${cells.length}`] };
    } else {
      const [title, text] = ['title', 'text'].map((name) => cells[header!.indexOf(name)] ?? '') as [string, string];
      yield { where, document: { title, text } };
    }
  }
}
