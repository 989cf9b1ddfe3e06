import path from 'node:path';
import type { TrainManifest } from '../../harness/store/train-manifest.ts';
import { folderOf } from '../../harness/suite/job.ts';
import type { Run } from '../find-runs.ts';

/** A longer chain has a ring in it, which only edited manifests can have. */
const MAX_STAGES = 20;

/**
 * The stages of training that a run's answers come from, the first one first, from the folders beside the run; `read` gives undefined where there is none. `missing`: the
 * folder that is not there, after which the chain begins; null where all stages were found.
 */
export async function trainingChain<Stage extends { readonly manifest: TrainManifest }>(
  { folder, manifest }: Run,
  read: (folder: string) => Promise<Stage | undefined>,
): Promise<{ stages: Stage[]; missing: string | null }> {
  const stages: Stage[] = [];
  let key = manifest.trained;
  while (key !== null && stages.length < MAX_STAGES) {
    const stage = await read(path.join(path.dirname(path.resolve(folder)), folderOf({ kind: 'train', key })));
    if (!stage) break;
    stages.unshift(stage);
    key = stage.manifest.from?.key ?? null;
  }
  return { stages, missing: key === null ? null : folderOf({ kind: 'train', key }) };
}
