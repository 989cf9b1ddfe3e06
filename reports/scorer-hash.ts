import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../harness/home.ts';

/** SHA-256 of the code of all metrics, by the files' names: two reports were scored by the same definitions exactly when it is equal. */
export async function scorerHash(): Promise<string> {
  const folder = path.join(packageRoot, 'harness', 'metrics');
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()) {
    hash.update(`${name}\n`).update(await readFile(path.join(folder, name)));
  }
  return hash.digest('hex');
}
