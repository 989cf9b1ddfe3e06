import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../errors.ts';
import { findModel } from '../registry.ts';
import { pullModel } from './pull-model.ts';

/** The GGUF file of a model given by id, file or folder; fetched where it is not there yet. @throws InputError where the model is no GGUF file */
export async function modelGguf(idOrPath: string): Promise<string> {
  const there = await stat(idOrPath).catch(() => undefined);
  if (there?.isFile()) return idOrPath;
  const known = findModel(idOrPath);
  const folder = there ? idOrPath : known && (await pullModel(known)).folder;
  const file = folder && (await readdir(folder)).find((name) => name.endsWith('.gguf'));
  if (!folder || !file) throw new InputError(`model ${idOrPath}: expected one that is a GGUF file, got none`);
  return path.join(folder, file);
}
