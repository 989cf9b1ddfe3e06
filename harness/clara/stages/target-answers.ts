import { z } from 'zod';
import type { Example } from '../../../datasets/example.ts';
import { describeIssues } from '../../describe-issues.ts';
import { InputError } from '../../errors.ts';
import { readLines } from '../../files/read-lines.ts';
import { sha256File } from '../../files/sha256.ts';
import type { InstructionStage } from '../stage-settings.ts';

const text = z.string().trim().min(1);
/** A teacher's line, or a line of any system's predictions; a failed question has neither. */
const lineSchema = z.union([
  z.object({ id: z.string().min(1), answer: text }).transform(({ id, answer }) => ({ id, answer })),
  z.object({ id: z.string().min(1), prediction: text }).transform(({ id, prediction }) => ({ id, answer: prediction })),
  z.object({ id: z.string().min(1), error: z.string() }).transform(({ id }) => ({ id, answer: null })),
]);
/** Questions without an answer that are named. */
const NAMED = 5;

/**
 * What is to be answered to each question: its first gold answer, or the answer that a file has for its id.
 *
 * @throws InputError where the file is another one, has wrong lines, or lacks questions
 */
export async function targetAnswers(
  examples: readonly Example[],
  answers: InstructionStage['answers'] = 'gold',
): Promise<string[]> {
  if (answers === 'gold') return examples.map(({ answers: [first] }) => first!);
  const { file, sha256 } = answers;
  const wanted = new Map(examples.map(({ id }) => [id, null as string | null]));
  for await (const { text, line } of readLines(file)) {
    const parsed = lineSchema.safeParse(fromJson(text));
    if (!parsed.success) throw new InputError(describeIssues(parsed.error, `${file}:${line}`));
    if (wanted.has(parsed.data.id)) wanted.set(parsed.data.id, parsed.data.answer);
  }
  const got = await sha256File(file);
  if (got !== sha256) throw new InputError(`${file}: expected SHA-256 ${sha256} (answers.sha256), got ${got}`);
  const missing = [...wanted].flatMap(([id, answer]) => (answer === null ? [id] : []));
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).map((id) => JSON.stringify(id)).join(', '); // prettier-ignore
    throw new InputError(`${file}: expected an answer to each training question, got none to ${missing.length}: ${named}${missing.length > NAMED ? ', ...' : ''}`); // prettier-ignore
  }
  return examples.map(({ id }) => wanted.get(id)!);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
