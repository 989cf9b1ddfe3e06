import { randomBytes } from 'node:crypto';
import { access, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../harness/errors.ts';
import { cannotWrite } from '../harness/files/cannot-write.ts';
import { makeFolder } from '../harness/files/make-folder.ts';
import { readJson } from '../harness/files/read-json.ts';

/** The file by which a report's folder is known as one, so that nothing else is ever replaced. */
export const REPORT_MARK = 'report.json';
/** A mark has a line for each run. */
const MAX_MARK_BYTES = 1 << 24;

/** A kind of folder that is replaced as a whole, and the file by which it is known. */
export interface FolderKind {
  readonly name: string;
  readonly mark: string;
  readonly schema: z.ZodType;
}

const REPORT: FolderKind = {
  name: 'report',
  mark: REPORT_MARK,
  schema: z.looseObject({ format: z.literal(1), preset: z.string(), runs: z.array(z.string()) }),
};

/**
 * Refuses a place where a report, or another kind of folder, must not be written.
 *
 * @param needed Places that must not be replaced: what it is made from.
 * @throws InputError where there is something that is neither an earlier one of its kind nor an empty folder, or something needed lies in it.
 */
export async function checkReplaceable(
  folder: string,
  needed: readonly string[] = [],
  { name, mark, schema }: FolderKind = REPORT,
): Promise<void> {
  if (folder === '') throw new InputError(`${name}: expected the name of a folder, got ""`);
  // Replacing it would take away the folder in which the program was started, or what it reads.
  for (const place of [process.cwd(), ...needed]) {
    const inside = path.relative(folder, place);
    if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) continue;
    throw new InputError(`${folder}: expected a folder of its own for the ${name}, got one that has ${place} in it`);
  }
  const found = await stat(folder).catch(() => undefined);
  if (!found) return;
  if (found.isDirectory()) {
    const entries = await readdir(folder);
    if (entries.length === 0) return;
    if (entries.includes(mark) && (await isMark(path.join(folder, mark), schema))) return;
  }
  throw new InputError(
    `${folder}: expected a new name, an empty folder or an earlier ${name} (with a ${mark}), got ${found.isDirectory() ? 'a folder with other files' : 'a file'}; it was left as it is`,
  );
}

/** Other programs write files of this name too. */
async function isMark(file: string, schema: z.ZodType): Promise<boolean> {
  return readJson(file, schema, MAX_MARK_BYTES).then(
    () => true,
    () => false,
  );
}

/**
 * Writes the files of a report, or of another kind of folder (paths relative to it), into a new folder and puts it in the place of the earlier one: a reader sees the old report or the new one.
 *
 * @param writeMore Writes what is too large to be held in memory into the new folder.
 */
export async function replaceReport(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  writeMore: (folder: string) => Promise<void>,
  kind: FolderKind = REPORT,
): Promise<void> {
  await checkReplaceable(folder, [], kind);
  const target = path.resolve(folder);
  const stem = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const [fresh, old] = [`${stem}.part`, `${stem}.old`];
  try {
    for (const [name, content] of files) {
      const file = path.join(fresh, name);
      await makeFolder(path.dirname(file));
      await writeFile(file, content, { flush: true });
    }
    await writeMore(fresh);
    const exists = await access(target).then(
      () => true,
      () => false,
    );
    if (exists) await rename(target, old);
    await rename(fresh, target).catch(async (error: unknown) => {
      if (exists) await rename(old, target);
      throw error;
    });
  } catch (error) {
    throw cannotWrite(error, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
