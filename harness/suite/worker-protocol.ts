import type { TrainingProgress } from '../training/training-stage.ts';
import type { PlannedJob } from './planned-job.ts';
import type { Crash, JobProgress } from './run-job.ts';
import type { Problems } from './training-failure.ts';

/** What a worker process is told to do. */
export interface WorkOrder {
  /** What is missing: trainings before what needs them. */
  readonly jobs: readonly PlannedJob[];
  /** The folder of the runs. */
  readonly runs: string;
  /** Keys of complete jobs whose failed questions are asked again. */
  readonly retry: readonly string[];
  /** Folder of the training that all predictions of trained systems come from, instead of one among the runs. */
  readonly checkpoint?: string;
  readonly crash?: Crash;
}

/** What a worker process tells. */
export type WorkEvent =
  /** A job begins; whoever started the worker keeps the lock's heartbeat while the worker computes. */
  | { readonly type: 'begin'; readonly key: string; readonly lock: string }
  | { readonly type: 'block'; readonly key: string; readonly block: number }
  | ({ readonly type: 'progress'; readonly key: string } & JobProgress)
  | ({ readonly type: 'step'; readonly key: string } & TrainingProgress)
  /** A job is done. A training has no counts. */
  | { readonly type: 'end'; readonly key: string; readonly failures: number; readonly predictions: number }
  /** A training has failed, or a job whose training has. */
  | ({ readonly type: 'failed'; readonly key: string } & Problems)
  /** Only jobs that other processes work on, or that wait for those, are left. */
  | { readonly type: 'waiting'; readonly keys: readonly string[] }
  | ({ readonly type: 'error' } & Problems);
