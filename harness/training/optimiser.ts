import type { Tensor } from '../engine/tensorflow.ts';
import type { NamedVariable } from './trainable.ts';

/** What changes the variables of a training, step by step. */
export interface Optimiser {
  /** Steps taken. With `state` all that is to be kept for going on later. */
  steps: number;
  /** What it keeps beside the variables, by names that say which; `variables` are those that it was made for, in their order. */
  state(variables: readonly NamedVariable[]): NamedVariable[];
  /** One step along gradients given in the order of the variables, which are left as they are. */
  step(gradients: readonly Tensor[], learningRate: number): void;
  dispose(): void;
}
