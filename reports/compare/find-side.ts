import { stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../harness/errors.ts';
import { labelPattern } from '../../harness/suite/label-pattern.ts';
import { labelOf } from '../../harness/suite/job.ts';
import { findRuns, type Run } from '../find-runs.ts';

/** The runs of one side of a comparison. */
export interface Side {
  /** As it was given. */
  readonly given: string;
  readonly runs: readonly Run[];
  /** Whether it is a whole folder of runs. */
  readonly isWhole: boolean;
}

const KEY = /^(?:predict-)?([0-9a-f]{4,64})$/;

/**
 * The finished runs that one side names: a run's folder, a folder of runs, or runs in the folder `runs` by their system's id, the beginning of their key, or a part of
 * their label (`*` for any text); the first of these that fits any.
 *
 * @throws InputError where it names none; with the labels there are.
 */
export async function findSide(given: string, runs: string): Promise<Side> {
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory()) {
    const inFolder = (await findRuns([given])).runs;
    const itself = inFolder.length === 1 && path.resolve(inFolder[0]!.folder) === path.resolve(given);
    return { given, runs: inFolder, isWhole: !itself };
  }
  if (found) throw new InputError(`${given}: expected a run's folder, a folder of runs or a selector, got a file`);
  const all = (await findRuns([runs])).runs;
  const key = KEY.exec(given)?.[1];
  const pattern = labelPattern(given);
  const rules: readonly ((run: Run) => boolean)[] = [
    ({ manifest }) => manifest.system.id === given,
    ({ manifest }) => key !== undefined && manifest.key.startsWith(key),
    ({ manifest }) => pattern.test(labelOf(manifest, manifest.settings)),
  ];
  for (const rule of rules) {
    const chosen = all.filter(rule);
    if (chosen.length > 0) return { given, runs: chosen, isWhole: false };
  }
  const systems = [...new Set(all.map(({ manifest }) => manifest.system.id))].sort();
  throw new InputError(
    `${given}: expected a folder, a system's id, the beginning of a run's key or a part of its label, got none that fits in ${runs}; its systems: ${systems.join(', ')}`,
  );
}
