import path from 'node:path';
import { InputError } from '../errors.ts';
import { loadVariables } from '../training/load-variables.ts';
import type { NamedVariable } from '../training/trainable.ts';
import { CLARA_FILE, type ClaraFile } from './clara-file.ts';
import { readClaraFile } from './read-clara-file.ts';

/** Tensors with a row for each memory token. */
const MEMORY_ROWS = ['memory_embeddings', 'memory_head'];

/**
 * Gives variables of a compression model the values that a checkpoint has for them. One that serves several ratios has the memory tokens of the least: the others are given the first of them.
 *
 * @param ratio of the compression model
 * @throws InputError where the checkpoint is not of this ratio, or lacks a variable
 */
export async function loadCheckpoint(
  folder: string,
  ratio: number,
  variables: readonly NamedVariable[],
  file?: ClaraFile,
): Promise<void> {
  const { ratio: own, ratios = [own] } = file ?? (await readClaraFile(folder));
  if (!ratios.includes(ratio))
    throw new InputError(`${path.join(folder, CLARA_FILE)}: expected a checkpoint of the ratio ${ratio}, got one of ${ratios.join(', ')}`); // prettier-ignore
  await loadVariables(path.join(folder, 'weights.safetensors'), variables, ratio === own ? [] : MEMORY_ROWS);
}
