import type { Job } from './job.ts';
import type { TrainJob } from './train-job.ts';

/** A predict job of a suite, and how much there is to read in it. */
export interface PlannedPrediction {
  readonly kind: 'predict';
  readonly job: Job;
  /** The job in one line, as `--only` reads it. */
  readonly label: string;
  /** Characters of its questions, as the system counts them: what progress is measured in. */
  readonly length: number;
}

/** A train job of a suite. */
export interface PlannedTraining {
  readonly kind: 'train';
  readonly job: TrainJob;
  readonly label: string;
  /** Rows that go through the decoder, about (Trainer.rows with four characters a token). */
  readonly rows: number;
  /** Where its trainer is found: a system (an id, or a module's path) with all its settings, and the place of the stage in its training. */
  readonly asked: {
    readonly system: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly stage: number;
  };
}

/** A job of a suite. */
export type PlannedJob = PlannedTraining | PlannedPrediction;

/** Key of the training that a job begins with; null where there is none. */
export function neededBy(plan: PlannedJob): string | null {
  return plan.kind === 'train' ? (plan.job.from?.key ?? null) : plan.job.trained;
}
