import { z } from 'zod';
import { describeIssues } from '../harness/describe-issues.ts';
import { InputError } from '../harness/errors.ts';
import type { Document } from './example.ts';
import type { Reading } from './format.ts';
import { stableOrder } from './stable-order.ts';
import { readTableRows } from './table-rows.ts';

/** What a column may be taken for. Those marked * may be given several times, for several columns. */
export const tableFields = {
  id: 'the id; by default the SHA-256 of the content',
  question: 'the question',
  answer: 'an answer as it stands*; the first one is the gold answer, further ones are its aliases',
  answers: 'all answers, as a JSON list of texts',
  gold: 'a gold passage as it stands*',
  doc: 'another candidate passage as it stands*',
  docs: 'all candidates, as a JSON list of texts or of {"title","text"}',
  pos_index: 'indexes of the gold passages in docs: numbers with anything between them',
} as const;

/** Whether a file's name says that it is a table. */
export function isTable(file: string): boolean {
  return /\.[ct]sv(\.gz)?$/i.test(file);
}

/**
 * The questions of a CSV or TSV file with a header line, streamed. `columns` maps our fields to the names of columns; a field that is not mapped is
 * read from the column of its own name, if there is one. Empty cells of passages and aliases are left out, empty lines too.
 *
 * @throws InputError where a column is missing or the header is ambiguous.
 */
export async function* readTable(
  file: string,
  columns: Readonly<Record<string, readonly string[]>>,
): AsyncGenerator<Reading> {
  let header: readonly string[] | undefined;
  let at: Map<string, number[]> = new Map();
  for await (const { cells, line, faults } of readTableRows(file)) {
    const where = `${file}:${line}`;
    if (!header) {
      if (faults.length > 0) throw new InputError(faults.map((fault) => `${where}: ${fault}`));
      header = cells.map((cell) => cell.trim());
      at = locate(file, header, columns);
      continue;
    }
    const problems = faults.map((fault) => `${where}: ${fault}`);
    if (cells.length !== header.length) {
      problems.push(`${where}: expected ${header.length} cells, as in the header, got ${cells.length}`);
    }
    yield problems.length > 0 ? { where, problems } : readCells(cells, at, where);
  }
  if (!header) throw new InputError(`${file}: expected a header line, got an empty file`);
}

function locate(
  file: string,
  header: readonly string[],
  columns: Readonly<Record<string, readonly string[]>>,
): Map<string, number[]> {
  const problems: string[] = [];
  const repeated = header.filter((name, index) => header.indexOf(name) !== index);
  if (repeated.length > 0) problems.push(`${file}:1: columns of the same name: ${repeated.join(', ')}`);
  const at = new Map<string, number[]>();
  for (const field of Object.keys(tableFields)) {
    const names = columns[field] ?? (header.includes(field) ? [field] : []);
    for (const name of names) {
      const index = header.indexOf(name);
      if (index < 0) {
        problems.push(`${file}:1: no column "${name}" for ${field}; columns: ${header.join(', ')}`);
      } else at.set(field, [...(at.get(field) ?? []), index]);
    }
  }
  if (!columns.question && !at.has('question')) {
    problems.push(
      `${file}:1: no column "question"; name one with --column question=NAME; columns: ${header.join(', ')}`,
    );
  }
  if (!columns.answer && !columns.answers && !at.has('answer') && !at.has('answers')) {
    problems.push(`${file}:1: no column "answer" or "answers"; name one with --column answer=NAME`);
  }
  if (at.has('gold') && at.has('pos_index'))
    problems.push(`${file}:1: expected gold or pos_index, got columns for both`);
  if (problems.length > 0) throw new InputError(problems);
  return at;
}

const answersSchema = z.array(z.string()).min(1);
const docsSchema = z.array(z.union([z.string(), z.strictObject({ title: z.string(), text: z.string() })]));

function readCells(cells: readonly string[], at: ReadonlyMap<string, readonly number[]>, where: string): Reading {
  const problems: string[] = [];
  const texts = (field: string): string[] => (at.get(field) ?? []).map((index) => cells[index]!);
  const filled = (field: string): string[] => texts(field).filter((text) => text.trim() !== '');
  const json = <T>(field: string, schema: z.ZodType<T>): T | undefined => {
    const [text] = filled(field);
    if (text === undefined) return undefined;
    try {
      const parsed = z.object({ [field]: schema }).safeParse({ [field]: JSON.parse(text) });
      if (parsed.success) return parsed.data[field];
      problems.push(...describeIssues(parsed.error, where));
    } catch {
      problems.push(`${where}: ${field}: expected a JSON list, got ${JSON.stringify(text.slice(0, 60))}`);
    }
    return undefined;
  };

  const [question = ''] = texts('question');
  const answers = [...(json('answers', answersSchema) ?? []), ...filled('answer')];
  const untitled = (text: string): Document => ({ title: '', text });
  const listed = (json('docs', docsSchema) ?? []).map((doc) => (typeof doc === 'string' ? untitled(doc) : doc));
  const others = [...listed, ...filled('doc').map(untitled)];
  const gold = filled('gold').map(untitled);
  const positions = (texts('pos_index')[0] ?? '').match(/-?\d+/g) ?? [];
  const pos_index = [...new Set(positions.map(Number))].sort((a, b) => a - b);
  if (answers.length === 0 && problems.length === 0)
    problems.push(`${where}: answer: expected an answer, got an empty cell`);
  for (const index of pos_index) {
    if (index < 0 || index >= others.length) {
      problems.push(`${where}: pos_index: expected indexes from 0 to below ${others.length}, got ${index}`);
    }
  }
  if (problems.length > 0) return { where, problems };
  const candidates = gold.length > 0 ? stableOrder(question, gold, others) : { docs: others, pos_index };
  return { where, draft: { id: texts('id')[0]?.trim() || undefined, question, answers, ...candidates } };
}
