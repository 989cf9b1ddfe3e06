import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { cannotWrite } from './cannot-write.ts';

/**
 * Makes a folder and those above it. (Node's own recursive mkdir never returns where a file system answers "no such file" to a folder that could be made elsewhere, as /proc does.)
 *
 * @throws InputError where it cannot be made there, MachineError where the disk is full.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(path.resolve(folder));
  } catch (error) {
    throw cannotWrite(error, folder);
  }
}

async function make(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (!found && path.dirname(folder) !== folder) await make(path.dirname(folder));
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process may have made it in between.
    if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  });
}
