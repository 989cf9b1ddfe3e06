import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { findSystem } from '../../../baselines/find-system.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import type { Prediction } from '../../../harness/prediction.ts';
import type { TrainingStage } from '../../../harness/training/training-stage.ts';
import { tinyExamples } from './tiny-suite.ts';

/** A stage that was trained: the losses of its steps, and its tensors by name. */
export interface TrainedStage {
  readonly place: string;
  readonly losses: readonly number[];
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** Trains a system's stages in new folders of a folder, one after another, and answers four questions with the last. */
export async function trainTinySystem(
  base: LanguageModel,
  folder: string,
  id: string,
  settings: Record<string, unknown>,
): Promise<{ stages: TrainedStage[]; answers: Prediction[] }> {
  const system = await findSystem(id);
  const checked = system.settings(settings);
  const context = { model: async () => base, seed: 1, cache: path.join(folder, 'cache') };
  const stages: TrainedStage[] = [];
  const train = async (stage: TrainingStage): Promise<void> => {
    if (stage.from) await train(stage.from);
    const from = stages.at(-1)?.place ?? null;
    const place = await mkdtemp(path.join(folder, 'stage-'));
    const examples = tinyExamples('train', 6);
    await stage.trainer.train(stage.settings, { ...context, examples, folder: place, from, onProgress: () => undefined }); // prettier-ignore
    const curve = (await readFile(path.join(place, 'curve.jsonl'), 'utf8')).trim().split('\n');
    const losses = curve.map((line) => (JSON.parse(line) as { terms: { loss: number } }).terms.loss);
    const source = await openSafetensors([path.join(place, 'weights.safetensors')]);
    const tensors = new Map<string, Float32Array>();
    for (const name of source.names()) tensors.set(name, (await source.read(name)));
    await source.close();
    stages.push({ place, losses, tensors });
  };
  await train(system.training!(checked)!);
  const answers: Prediction[] = [];
  const asked = { ...context, settings: checked, trained: stages.at(-1)!.place, maxNewTokens: 4, batch: 2 };
  for await (const answer of system.predict(tinyExamples('test', 4), asked)) {
    if (!('prediction' in answer)) throw new Error(JSON.stringify(answer));
    answers.push(answer);
  }
  return { stages, answers };
}
