import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { findSystem } from '../../../baselines/find-system.ts';
import type { Example } from '../../../datasets/example.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { openSafetensors } from '../../../harness/language-model/weights/safetensors.ts';
import type { Prediction } from '../../../harness/prediction.ts';
import type { TrainingStage } from '../../../harness/training/training-stage.ts';
import { tinyExamples } from './tiny-suite.ts';

/** What a system is trained with: a model, and a folder for the stages and the vectors. */
interface Place {
  readonly base: LanguageModel;
  readonly folder: string;
}

/** A stage that was trained: the terms of each step's loss, and its tensors by name. */
export interface TrainedStage {
  readonly place: string;
  readonly terms: readonly (Readonly<Record<string, number>> & { readonly loss: number })[];
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** Trains a system's stages, one after another, each in a new folder. */
export async function trainTinySystem(
  { base, folder }: Place,
  id: string,
  settings: Record<string, unknown>,
  examples: readonly Example[] = tinyExamples('train', 6),
): Promise<TrainedStage[]> {
  const system = await findSystem(id);
  const stages: TrainedStage[] = [];
  const train = async (stage: TrainingStage): Promise<void> => {
    if (stage.from) await train(stage.from);
    const from = stages.at(-1)?.place ?? null;
    const place = await mkdtemp(path.join(folder, 'stage-'));
    const context = { model: async () => base, seed: 1, cache: path.join(folder, 'cache'), onProgress: () => undefined }; // prettier-ignore
    await stage.trainer.train(stage.settings, { ...context, examples, folder: place, from });
    const curve = (await readFile(path.join(place, 'curve.jsonl'), 'utf8')).trim().split('\n');
    const terms = curve.map((line) => (JSON.parse(line) as { terms: TrainedStage['terms'][number] }).terms);
    const source = await openSafetensors([path.join(place, 'weights.safetensors')]);
    const tensors = new Map<string, Float32Array>();
    for (const name of source.names()) tensors.set(name, await source.read(name));
    await source.close();
    stages.push({ place, terms, tensors });
  };
  await train(system.training!(system.settings(settings))!);
  return stages;
}

/** Answers questions with a system's last stage. */
export async function answerWithTinySystem(
  { base, folder }: Place,
  id: string,
  settings: Record<string, unknown>,
  trained: TrainedStage,
  examples: readonly Example[] = tinyExamples('test', 4),
): Promise<Prediction[]> {
  const system = await findSystem(id);
  const context = { model: async () => base, seed: 1, cache: path.join(folder, 'cache'), maxNewTokens: 4, batch: 2 };
  const answers: Prediction[] = [];
  for await (const answer of system.predict(examples, {
    ...context,
    settings: system.settings(settings),
    trained: trained.place,
  })) {
    if (!('prediction' in answer)) throw new Error(JSON.stringify(answer));
    answers.push(answer);
  }
  return answers;
}
