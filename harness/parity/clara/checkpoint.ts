import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importCheckpoint } from '../../clara/checkpoint/import-checkpoint.ts';
import { openCompressionModel } from '../../clara/open-compression-model.ts';
import type { Deviation } from '../deviation.ts';
import { compareStages } from './end-to-end.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import { loadGoldenBase, withQueryReasoner } from './golden-model.ts';

/**
 * Imports a checkpoint of the released kind over the base model of a golden folder, and compares everything with that folder's values.
 *
 * @param checkpoint folder with adapters.pth
 * @param folder the golden folder with the same weights
 */
export async function checkpointParity(
  checkpoint: string,
  golden: EndToEndGoldens,
  folder: string,
): Promise<Deviation[]> {
  const out = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
  try {
    await importCheckpoint({ folder: checkpoint, out, model: folder });
    const base = await loadGoldenBase(folder, golden.clara);
    try {
      const { model } = await openCompressionModel(base, out);
      try {
        return compareStages(golden, withQueryReasoner(model, checkpoint));
      } finally {
        model.dispose();
      }
    } finally {
      base.dispose();
    }
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
