import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../harness/errors.ts';

/** The file by which a report's folder is known as one, so that nothing else is ever replaced. */
export const REPORT_MARK = 'report.json';

/**
 * Refuses a place where a report must not be written.
 *
 * @throws InputError where there is something that is neither an earlier report nor an empty folder.
 */
export async function checkReplaceable(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return;
  if (found.isDirectory()) {
    const entries = await readdir(folder);
    if (entries.length === 0 || entries.includes(REPORT_MARK)) return;
  }
  throw new InputError(
    `${folder}: expected a new name, an empty folder or an earlier report (with a ${REPORT_MARK}), got ${found.isDirectory() ? 'a folder with other files' : 'a file'}; it was left as it is`,
  );
}

/** Writes the files of a report (paths relative to its folder) into a new folder and puts it in the place of the earlier one: a reader sees the old report or the new one. */
export async function replaceReport(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  await checkReplaceable(folder);
  const target = path.resolve(folder);
  const stem = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const [fresh, old] = [`${stem}.part`, `${stem}.old`];
  try {
    for (const [name, content] of files) {
      const file = path.join(fresh, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { flush: true });
    }
    const exists = await access(target).then(
      () => true,
      () => false,
    );
    if (exists) await rename(target, old);
    await rename(fresh, target).catch(async (error: unknown) => {
      if (exists) await rename(old, target);
      throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
