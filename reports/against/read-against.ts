import { stat } from 'node:fs/promises';
import { InputError } from '../../harness/errors.ts';
import { nearest } from '../../harness/nearest.ts';
import { findRuns, type Run } from '../find-runs.ts';

/** What a report is set against: the paper, or the finished runs of a folder. */
export type Against = { readonly kind: 'paper' } | { readonly kind: 'runs'; readonly runs: readonly Run[] };

/** The word for the published figures. A folder of that name is `./paper`. */
const PAPER = 'paper';

/** What `--against` names. @throws InputError where it is neither the word nor a folder with finished runs. */
export async function readAgainst(given: string): Promise<Against> {
  if (given === PAPER) return { kind: 'paper' };
  const found = await stat(given).catch(() => undefined);
  if (!found?.isDirectory()) {
    const meant = nearest(given, [PAPER]);
    throw new InputError(
      `against: expected ${PAPER} or a folder of runs, got ${JSON.stringify(given)}, ${found ? 'which is a file' : 'where nothing is'}${meant ? `; did you mean ${meant}?` : ''}`,
    );
  }
  return { kind: 'runs', runs: (await findRuns([given])).runs };
}
