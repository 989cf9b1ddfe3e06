import { readFile, stat } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';

/** What is read here is written by hand; a larger file is something else. */
const MAX_BYTES = 1 << 20;

/**
 * A file of YAML, checked by a schema.
 *
 * @param what what the file is, in messages: `suite`
 * @throws InputError with all problems at once, each with line and column.
 */
export async function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  what: string,
): Promise<z.output<Schema>> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile())
    throw new InputError(`${file}: ${found ? `expected a ${what} file, got a folder` : `no such ${what} file`}`);
  if (found.size > MAX_BYTES)
    throw new InputError(`${file}: expected a ${what} of at most ${MAX_BYTES} bytes, got ${found.size}`);
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map(({ message, pos }) => `${where(pos[0])}: ${message}`));
  }
  const parsed = schema.safeParse(plainObject(document, file));
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.flatMap((issue) => describeIssues(new z.ZodError([issue]), where(offsetOf(document, issue)))),
  );
}

/** @throws InputError where references that stand for each other would make a document without bounds. */
function plainObject(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new InputError(`${file}: ${error.message}`, { cause: error });
  }
}

/** Where in the text the value of an issue stands: the nearest one there is, or the key that is unknown. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  for (let depth = issue.path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(issue.path.slice(0, depth), true);
    if (!isNode(node)) continue;
    if (issue.code === 'unrecognized_keys' && isMap(node)) {
      const key = node.items
        .map((pair) => pair.key)
        .find((key) => isScalar(key) && issue.keys.includes(String(key.value)));
      if (isScalar(key)) return key.range?.[0] ?? 0;
    }
    return node.range?.[0] ?? 0;
  }
  return 0;
}
