import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { suiteSchema } from './suite-schema.ts';

/** A checked suite, with the paths in it made absolute. */
export type Suite = Omit<z.output<typeof suiteSchema>, 'name'> & { readonly name: string; readonly file: string };

/** A suite is written by hand; a larger file is something else. */
const MAX_BYTES = 1 << 20;

/**
 * Reads a suite file (YAML).
 *
 * @throws InputError with all problems at once, each with line and column.
 */
export async function loadSuite(file: string): Promise<Suite> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile())
    throw new InputError(`${file}: ${found ? 'expected a suite file, got a folder' : 'no such suite file'}`);
  if (found.size > MAX_BYTES)
    throw new InputError(`${file}: expected a suite of at most ${MAX_BYTES} bytes, got ${found.size}`);
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map(({ message, pos }) => `${where(pos[0])}: ${message}`));
  }
  const parsed = suiteSchema.safeParse(plainObject(document, file));
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.flatMap((issue) => describeIssues(new z.ZodError([issue]), where(offsetOf(document, issue)))),
    );
  }
  const folder = path.dirname(path.resolve(file));
  const absolute = (given: string): string => path.resolve(folder, given);
  const model = (given: string): string => (/^[./]/.test(given) ? absolute(given) : given);
  // An id has no slash.
  const checkpoint = (given: string): string => (/[./]/.test(given) ? absolute(given) : given);
  const questions = <Entry extends { readonly file?: string; readonly module?: string }>(entry: Entry): Entry => ({
    ...entry,
    file: entry.file && absolute(entry.file),
    module: entry.module && absolute(entry.module),
  });
  const suite = parsed.data;
  return {
    ...suite,
    name: suite.name ?? path.basename(file).replace(/\.ya?ml$/, ''),
    file: path.resolve(file),
    data: suite.data && absolute(suite.data),
    models: suite.models.map(model),
    benchmarks: suite.benchmarks.map(questions),
    training: suite.training && questions(suite.training),
    systems: suite.systems.map((entry) => ({
      ...entry,
      module: entry.module && absolute(entry.module),
      models: entry.models?.map(model),
      settings: withAbsolute(entry.settings, checkpoint),
    })),
    defaults: withAbsolute(suite.defaults, checkpoint),
    metrics: suite.metrics.map(absolute),
  };
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

/** Settings in which the folders of finished checkpoints (`checkpoint`, at any depth) are absolute. */
function withAbsolute<Settings>(settings: Settings, absolute: (given: string) => string): Settings {
  if (Array.isArray(settings)) return settings.map((one: unknown) => withAbsolute(one, absolute)) as Settings;
  if (typeof settings !== 'object' || settings === null) return settings;
  const entries = Object.entries(settings).map(([key, value]: [string, unknown]) =>
    key === 'checkpoint' && typeof value === 'string' ? [key, absolute(value)] : [key, withAbsolute(value, absolute)],
  );
  return Object.fromEntries(entries) as Settings;
}
