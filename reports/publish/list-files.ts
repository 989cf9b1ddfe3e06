import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../harness/errors.ts';

/** Files that file managers and version control leave in folders. */
const HIDDEN = /^\./;

/** The files under a folder, as paths from it with `/` between, in the order of their names. Hidden ones are left out. @throws InputError where there is a link or something that is no file. */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (under: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, under), { withFileTypes: true })) {
      if (HIDDEN.test(entry.name)) continue;
      const name = path.posix.join(under, entry.name);
      if (entry.isDirectory()) await walk(name);
      else if (entry.isFile()) files.push(name);
      else throw new InputError(`${path.join(folder, name)}: expected a file or a folder, got a link or a device`);
    }
  };
  await walk('');
  return files.sort();
}
