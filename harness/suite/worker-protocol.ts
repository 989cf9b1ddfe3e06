import type { Job } from './job.ts';
import type { Crash, JobProgress } from './run-job.ts';

/** What a worker process is told to do. */
export interface WorkOrder {
  readonly jobs: readonly Job[];
  /** The folder of the runs. */
  readonly runs: string;
  /** Keys of complete jobs whose failed questions are asked again. */
  readonly retry: readonly string[];
  readonly crash?: Crash;
}

/** What a worker process tells. */
export type WorkEvent =
  /** A job begins; whoever started the worker keeps the lock's heartbeat while the worker computes. */
  | { readonly type: 'begin'; readonly key: string; readonly lock: string }
  | { readonly type: 'block'; readonly key: string; readonly block: number }
  | ({ readonly type: 'progress'; readonly key: string } & JobProgress)
  | { readonly type: 'end'; readonly key: string; readonly failures: number; readonly predictions: number }
  /** Only jobs that other processes work on are left. */
  | { readonly type: 'waiting'; readonly keys: readonly string[] }
  | { readonly type: 'error'; readonly kind: 'input' | 'machine' | 'fault'; readonly problems: readonly string[] };
