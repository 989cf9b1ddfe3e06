import { differentiable } from './differentiable.ts';
import { gatherRows, scatterRows } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** Sums the rows of x [rows, ...] into [segments, ...] at the int32 indexes given. */
export function differentiableScatter(x: Tensor, segmentOf: Tensor, segments: number): Tensor {
  return differentiable(
    [x],
    () => ({ value: scatterRows(x, segmentOf, segments), save: [segmentOf] }),
    (dy, [indexes]) => [gatherRows(dy, indexes!)],
  );
}
