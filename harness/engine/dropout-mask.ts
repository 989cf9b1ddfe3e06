import { addIntegers, concatIntegers, integerVector, randomBelow } from './kernels.ts';
import type { InputDropout } from './low-rank-input.ts';
import type { Tensor } from './tensorflow.ts';

/** Dropout of one pass (Srivastava et al., 2014): what is kept depends on the seed and on the place alone. */
export interface Dropout {
  /** Share of the values that is dropped, to the nearest 1 / 256. */
  readonly rate: number;
  /** int32 [1]; an input of recorded steps, so that each run drops others. */
  readonly seed: Tensor;
  /** Tells passes of one step apart: with another stream, the same seed drops others. */
  readonly stream: number;
}

/** Places in one pass that have masks of their own. */
const PLACES = 1 << 16;

/** Seed of the masks from a place of the pass on, int32 [2]. */
export function placeSeed({ seed, stream }: Pick<Dropout, 'seed' | 'stream'>, place: number): Tensor {
  return concatIntegers([seed, integerVector([stream * PLACES + place])], 0);
}

/** What is kept of [rows, columns] at a place behind that of the seed. */
export function dropoutMask(rate: number, seed: Tensor, offset: number, rows: number, columns: number): InputDropout {
  const limit = Math.min(255, Math.max(1, Math.round((1 - rate) * 256)));
  return { kept: randomBelow(rows, columns, addIntegers(seed, integerVector([0, offset])), limit), share: limit / 256 };
}
