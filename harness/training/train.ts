import { performance } from 'node:perf_hooks';
import { sha256 } from '../files/sha256.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { deriveSeed } from './derive-seed.ts';
import { ItemOrder } from './item-order.ts';
import { NotANumber, stopAt } from './not-a-number.ts';
import { takeStep } from './take-step.ts';
import type { NamedVariable, Trainable } from './trainable.ts';
import { trainingData } from './training-data.ts';
import { TrainingFolder, type TrainingState } from './training-folder.ts';
import type { TrainingSettings } from './training-settings.ts';
import type { TrainingProgress } from './training-stage.ts';
import { updatesOf, type Updates } from './updates.ts';
import { validate } from './validate.ts';

/** What a training is given beside its items and settings. */
export interface TrainOptions<Item> {
  /** The stage's folder (TrainContext.folder). It belongs to this one training: what lies there from an interrupted run is continued. */
  readonly folder: string;
  /** Of the order of the items, the held-out slice and the dropout masks. */
  readonly seed: number;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Held-out items; without them `settings.validation.share` of the items is held out, chosen by the seed and their places in the list. */
  readonly validationItems?: readonly Item[];
  /** Variables that the stage does not train, written into weights.safetensors with the others (an adapter of the stage before). */
  readonly frozen?: readonly NamedVariable[];
  /** An item's name in messages; by default its place in the list. */
  readonly nameOf?: (item: Item) => string;
  /** Updates other than the settings' AdamW and learning rate. */
  readonly updates?: Updates;
}

/**
 * Trains to the last step, and leaves `weights.safetensors` (all variables, the frozen ones too, in Hugging Face's row order) and `curve.jsonl` in the folder. The variables then
 * have the values of that file: those of the last step, or with validation those of the least validation loss. Ended at any moment and called again with the same
 * arguments, it goes on from its last checkpoint and ends with the same bytes; where it had ended, it only reads the weights.
 *
 * Step s takes the items at places (s - 1) x batch to s x batch of the items, epoch after epoch. The same seed and number of items give the same order, whatever the items are:
 * systems that make one item of each question see the same questions in the same steps.
 *
 * @throws InputError without items, or where the folder holds a training with other settings. MachineError where a loss or gradient is not a number: it names the step and the items, which
 * are in `not-a-number.json`; the last checkpoint stays.
 */
export async function train<Item>(
  trainable: Trainable<Item>,
  items: readonly Item[],
  settings: TrainingSettings,
  options: TrainOptions<Item>,
): Promise<void> {
  const { variables } = trainable;
  const { seed, onProgress } = options;
  const { training, validation } = trainingData(items, options.validationItems, settings, seed, options.nameOf);
  const written = [...variables, ...(options.frozen ?? [])];
  const described = written.map(({ name, variable }) => [name, variable.shape]);
  const updates = options.updates ?? updatesOf(settings);
  const of = [settings, seed, training.length, validation.length, described];
  const hash = sha256(JSON.stringify(options.updates ? [...of, options.updates.described] : of));
  const folder = await TrainingFolder.open(options.folder, hash);
  if (folder.finished()) return folder.loadFinished(variables);

  const optimiser = updates.optimiser(variables);
  const kept = [...variables, ...optimiser.state(variables)];
  const orStop = async <T>(step: number, work: Promise<T>, save: () => Promise<void>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof NotANumber)) throw error;
      await save();
      throw await stopAt(error, step, options.folder, folder.saved?.step);
    }
  };
  try {
    let state: TrainingState = { step: 0, optimiserSteps: 0, best: null };
    if (folder.saved) {
      state = folder.saved;
      await folder.load(kept);
      optimiser.steps = state.optimiserSteps;
    }
    const order = new ItemOrder(training.length, settings, seed);
    const first = state.step;
    const opened = performance.now();
    while (state.step < settings.steps && !isPatienceOver(state, settings)) {
      const step = state.step + 1;
      const before = state;
      const began = performance.now();
      const batch = order.batch(step).map((place) => training[place]!);
      const learningRate = updates.learningRateAt(step);
      const taken = await orStop(
        step,
        takeStep(trainable, batch, optimiser, learningRate, settings, deriveSeed(seed, step)),
        () => folder.save(before, kept),
      );
      const now = performance.now();
      folder.append({ step, ...taken, learningRate, ms: now - began });
      onProgress({
        ...{ step, steps: settings.steps, terms: taken.terms, learningRate },
        tokensPerSecond: taken.tokens / ((now - began) / 1000),
        secondsLeft: ((settings.steps - step) * (now - opened)) / (step - first) / 1000,
        peakMemoryBytes: peakMemoryBytes(),
      });
      state = { ...state, step, optimiserSteps: optimiser.steps };
      if (validation.length > 0 && (step % settings.validation.every === 0 || step === settings.steps)) {
        const terms = await orStop(step, validate(trainable, validation, settings.microBatch), async () => undefined);
        folder.append({ step, validation: terms, ms: performance.now() - now });
        const better = !state.best || terms.loss! < state.best.loss;
        if (better) await folder.saveBest(step, written);
        const best = better ? { step, loss: terms.loss!, since: 0 } : { ...state.best!, since: state.best!.since + 1 };
        state = { ...state, best };
      }
      if (step % settings.saveEvery === 0) await folder.save(state, kept);
    }
    await folder.finish(state.best?.step, written);
    if (state.best && state.best.step !== state.step) await folder.loadFinished(variables);
  } finally {
    folder.close();
    optimiser.dispose();
  }
}

function isPatienceOver({ best }: TrainingState, { validation: { patience } }: TrainingSettings): boolean {
  return patience !== null && best !== null && best.since >= patience;
}
