import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { ModelFiles } from './model-files.ts';
import { openGgufModel } from './models/open-gguf-model.ts';
import { openModelFolder } from './models/open-model-folder.ts';
import { pullModel } from './models/pull-model.ts';
import { findModel, knownModels } from './registry.ts';

/**
 * Opens a model by its id (`clara-bench models list`, or `hub:owner/name@revision`; fetched where it is not there yet), by a .gguf file, or by a folder in
 * Hugging Face's layout or with one .gguf file in it. What is there as a path wins over an id.
 *
 * @throws InputError where there is no such model, or its files are wrong or not supported. MachineError where it cannot be fetched.
 */
export async function openModelFiles(idOrPath: string): Promise<ModelFiles> {
  if (await exists(idOrPath)) return openPath(idOrPath, idOrPath);
  const model = findModel(idOrPath);
  if (!model) {
    const ids = knownModels.map(({ id }) => id);
    const meant = nearest(idOrPath, ids);
    throw new InputError(
      `model ${JSON.stringify(idOrPath)}: expected a folder, a .gguf file, hub:owner/name@revision or one of ${ids.join(', ')}` +
        `${meant ? `; did you mean ${meant}?` : ''}`,
    );
  }
  return openPath(idOrPath, (await pullModel(model)).folder);
}

async function openPath(id: string, place: string): Promise<ModelFiles> {
  if (!(await stat(place)).isDirectory()) {
    if (place.endsWith('.gguf')) return openGgufModel(id, place);
    throw new InputError(`${place}: expected a .gguf file or a folder, got another file`);
  }
  if (await exists(path.join(place, 'config.json'))) return openModelFolder(id, place);
  const ggufs = (await readdir(place)).filter((name) => name.endsWith('.gguf'));
  if (ggufs.length === 1) return openGgufModel(id, path.join(place, ggufs[0]!));
  throw new InputError(
    `${place}: expected a model folder with config.json or with one .gguf file, got ${ggufs.length || 'no'} .gguf files`,
  );
}

async function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}
