import { concatIntegers, integerVector, isBelow, uniformNumbers } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** Dropout of one pass (Srivastava et al., 2014): what is kept depends on the seed and on the place alone. */
export interface Dropout {
  /** Share of the values that is dropped. */
  readonly rate: number;
  /** int32 [1]; an input of recorded steps, so that each run drops others. */
  readonly seed: Tensor;
  /** Tells passes of one step apart: with another stream, the same seed drops others. */
  readonly stream: number;
}

/** Places in one pass that have masks of their own. */
const PLACES = 1 << 16;

/** What is kept of [rows, columns] at a place of the pass, bool. */
export function dropoutMask({ rate, seed, stream }: Dropout, place: number, shape: readonly number[]): Tensor {
  return isBelow(uniformNumbers(shape, concatIntegers([seed, integerVector([stream * PLACES + place])], 0)), 1 - rate);
}
