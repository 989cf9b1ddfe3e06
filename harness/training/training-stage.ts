import type { Example } from '../../datasets/example.ts';
import type { LanguageModel } from '../language-model/language-model.ts';

/** How far a training job is. Tokens are the rows of Trainable.tokens. */
export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean over the steps since the last report, by name. */
  readonly terms: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  /** Null while it cannot be told. */
  readonly secondsLeft: number | null;
  readonly peakMemoryBytes: number;
}

/** What a trainer is given. */
export interface TrainContext {
  readonly model: () => Promise<LanguageModel>;
  /** The training questions, in the order in which every system sees them. */
  readonly examples: readonly Example[];
  readonly seed: number;
  /** The job's folder: checkpoints, `curve.jsonl` and at last the weights go here. What lies there from an interrupted run is continued. */
  readonly folder: string;
  /** The finished folder of the stage before, or null. */
  readonly from: string | null;
  /** Folder of what several jobs share (document vectors), under content keys. */
  readonly cache: string;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** Makes weights from questions. Ids are paths of names (`clara/scp`, `text`); one trainer serves every system that asks for it with the same settings. */
export interface Trainer {
  readonly id: string;
  /**
   * Trains to the end, and leaves in the folder all that the next stage and the system need. Ended at any moment and called again, it goes on from its last
   * checkpoint and ends with the same bytes.
   *
   * @throws InputError where the data cannot be trained on. MachineError where the loss stops being a number.
   */
  train(settings: Readonly<Record<string, unknown>>, context: TrainContext): Promise<void>;
  /** Rows that go through the decoder over the whole training, about, for estimates of time; `count` tokenises a text. */
  rows(
    settings: Readonly<Record<string, unknown>>,
    examples: readonly Example[],
    count: (text: string) => number,
  ): number;
}

/** A stage of a system's training: a trainer with all its settings, and the stage whose weights it starts from. It is a job of its own, shared by all that ask for the same. */
export interface TrainingStage {
  readonly trainer: Trainer;
  /** With all defaults filled in: they go into the job's key. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly from: TrainingStage | null;
  /** The only backbone that it can have, where that is so. */
  readonly backbone?: { readonly id: string; readonly hash: string };
}
