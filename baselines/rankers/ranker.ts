import type { Example } from '../../datasets/example.ts';
import type { PredictContext } from '../../harness/system.ts';
import type { TrainingStage } from '../../harness/training/training-stage.ts';

/** A question's candidates in order. */
export interface Ranking {
  /** Indexes into the example's docs, best first; all of them. */
  readonly ranking: number[];
  /** Milliseconds, the block's time divided by its questions. */
  readonly ms: number;
}

/** Orders the candidate documents of questions, and answers nothing. `Prepared` is what it makes of all examples of a job before the first of them is ranked. */
export interface Ranker<Prepared = void> {
  readonly id: string;
  /** One line for `--help` and reports. */
  readonly description: string;
  /** As System.settings. */
  settings(given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** As System.training. */
  training?(settings: Readonly<Record<string, unknown>>): TrainingStage | null;
  /** Told all examples of the job, whatever of it is ranked already. */
  prepare?(examples: readonly Example[], context: PredictContext): Promise<Prepared>;
  /** One ranking an example, in their order; equal scores keep the order of the candidates. */
  rank(examples: readonly Example[], context: PredictContext, prepared: Prepared): Promise<readonly Ranking[]>;
}
