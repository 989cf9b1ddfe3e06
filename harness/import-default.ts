import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { describeIssues } from './describe-issues.ts';
import { InputError } from './errors.ts';
import { sha256File } from './files/sha256.ts';

/** A user's module: what it exports by default, and the hash of its file (not of what the file imports). */
export interface UserModule<T> {
  readonly value: T;
  readonly file: string;
  readonly sha256: string;
}

/** A member that must be a function. */
export const functionMember = z.custom<(...given: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);

/**
 * Imports a user's own module (.ts, .js, .mjs; an absolute path) and checks its default export: `what` names the interface, `members` are its fields.
 *
 * @throws InputError where it is missing, throws while it loads, or lacks a member.
 */
export async function importDefault<T>(what: string, file: string, members: z.ZodRawShape): Promise<UserModule<T>> {
  const where = `${what} module ${file}`;
  if (!(await stat(file).catch(() => undefined))?.isFile()) throw new InputError(`${where}: no such file`);
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${where}: cannot be loaded: ${reason}`, { cause: error });
  }
  const checked = z.looseObject(members, `expected a default export that is a ${what}`).safeParse(loaded.default);
  if (!checked.success) throw new InputError(describeIssues(checked.error, `${where}: default export`));
  return { value: loaded.default as T, file, sha256: await sha256File(file) };
}
