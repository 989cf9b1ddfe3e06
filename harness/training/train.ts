import type { NamedVariable, Trainable } from './trainable.ts';
import type { TrainingProgress } from './training-stage.ts';
import type { TrainingSettings } from './training-settings.ts';

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
  void [trainable, items, settings, options];
  await Promise.reject(new Error('train: not yet built'));
}
