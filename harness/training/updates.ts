import { AdamW } from './adamw.ts';
import { learningRateAt } from './learning-rate.ts';
import { Muon } from './muon.ts';
import type { Optimiser } from './optimiser.ts';
import type { NamedVariable } from './trainable.ts';
import type { TrainingSettings } from './training-settings.ts';

/** How the variables are updated. */
export interface Updates {
  /** All that decides the updates: a checkpoint of a training with others is refused. */
  readonly described: unknown;
  readonly optimiser: (variables: readonly NamedVariable[]) => Optimiser;
  /** Learning rate of a step (from 1). */
  readonly learningRateAt: (step: number) => number;
}

/** Matrices of linear layers and of their low-rank additions. */
const MATRIX = /_proj\.(?:lora_[AB]\.)?weight$/;

/** The updates that a training's settings ask for. */
export function updatesOf(settings: TrainingSettings): Updates {
  const { weightDecay, optimizer, adamShare = 0.2 } = settings;
  const share = (name: string): number | null => (MATRIX.test(name) ? null : adamShare);
  return {
    described: settings,
    optimiser: (variables) =>
      optimizer === 'muon'
        ? new Muon(variables, { weightDecay, adam: settings, share })
        : new AdamW(variables.map(({ variable }) => variable), settings), // prettier-ignore
    learningRateAt: (step) => learningRateAt(step, settings),
  };
}
