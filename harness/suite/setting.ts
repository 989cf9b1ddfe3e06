import type { RunManifest } from '../store/run-manifest.ts';
import type { System } from '../system.ts';
import type { TrainingStage } from '../training/training-stage.ts';

/** A system of a suite with one combination of settings. */
export interface Setting {
  readonly system: System;
  readonly module: RunManifest['system']['module'];
  /** All of them, defaults filled in. */
  readonly settings: Record<string, unknown>;
  /** Of its training, the first one first; none where it is not trained. */
  readonly stages: readonly TrainingStage[];
  readonly models: readonly string[];
}
