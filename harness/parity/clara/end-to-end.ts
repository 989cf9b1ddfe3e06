import path from 'node:path';
import { Deviations, type Deviation } from '../deviation.ts';
import { compareInstruction, comparePretraining } from './compression-stages.ts';
import { compareEndToEnd } from './end-to-end-stage.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import { loadGoldenBase, loadGoldenModel, type GoldenModel } from './golden-model.ts';
import { compareInference } from './inference.ts';
import { comparePlainForward } from './plain-forward.ts';

/**
 * Compares the method with a tiny model that the reference took through all of its stages: inputs, vectors, scores, losses, gradients and greedy answers.
 *
 * @param file end_to_end.json; the model lies beside it
 */
export async function endToEndParity(golden: EndToEndGoldens, file: string): Promise<Deviation[]> {
  const folder = path.dirname(file);
  const base = await loadGoldenBase(folder, golden.clara);
  try {
    const model = await loadGoldenModel(folder, golden.clara, base);
    try {
      return compareStages(golden, model);
    } finally {
      model.dispose();
    }
  } finally {
    base.dispose();
  }
}

/** Compares everything with one model, wherever it is from. */
export function compareStages(golden: EndToEndGoldens, model: GoldenModel): Deviation[] {
  const all = new Deviations();
  comparePlainForward(all, golden.plain_forward_f64, model);
  comparePretraining(all, golden, model);
  compareInstruction(all, golden, model);
  compareEndToEnd(all, golden, model);
  compareInference(all, golden, model);
  return all.list();
}
