import path from 'node:path';
import { Deviations, type Deviation } from '../deviation.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import { disposeGoldenModel, loadGoldenModel } from './golden-model.ts';
import { compareInstruction, comparePretraining } from './compression-stages.ts';
import { comparePlainForward } from './plain-forward.ts';

/**
 * Compares the method with a tiny model that the reference took through all of its stages: inputs, vectors, scores, losses, gradients and greedy answers.
 *
 * @param file end_to_end.json; the model lies beside it
 */
export async function endToEndParity(golden: EndToEndGoldens, file: string): Promise<Deviation[]> {
  const all = new Deviations();
  const model = await loadGoldenModel(path.dirname(file), golden.clara);
  try {
    comparePlainForward(all, golden.plain_forward_f64, model);
    comparePretraining(all, golden, model);
    compareInstruction(all, golden, model);
  } finally {
    disposeGoldenModel(model);
  }
  return all.list();
}
