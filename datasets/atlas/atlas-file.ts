import { access } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../harness/errors.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { cacheHome } from '../../harness/home.ts';
import { atlasDials, type AtlasDials } from './dials.ts';
import { ATLAS_SPLITS, type AtlasSplit } from './entity-name.ts';
import { writeAtlas } from './write-atlas.ts';

/** Goes up with every change of the bytes that the same dials give, so that no older file is taken for a new one. */
const VERSION = 2;

/** Questions where nothing says how many. */
export const ATLAS_QUESTIONS = 1000;

/** The path of atlas's questions in the cache folder, made now if they are not there. @throws InputError for a split that atlas does not have. */
export async function atlasFile(
  split: string,
  questions: number = ATLAS_QUESTIONS,
  dials: AtlasDials = atlasDials.parse({}),
): Promise<string> {
  const content = sha256(
    JSON.stringify([VERSION, Object.entries(dials).sort(([one], [other]) => (one < other ? -1 : 1))]),
  );
  const name = `${atlasSplit(split)}-${questions}-${content.slice(0, 16)}.jsonl.gz`;
  const file = path.join(cacheHome(), 'atlas', name);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeAtlas(file, atlasSplit(split), questions, dials);
  return file;
}

/** The split of that name. @throws InputError where there is none. */
export function atlasSplit(name: string): AtlasSplit {
  const split = ATLAS_SPLITS.find((one) => one === name);
  if (split) return split;
  throw new InputError(`benchmark "atlas" has the splits ${ATLAS_SPLITS.join(', ')}, got ${JSON.stringify(name)}`);
}
