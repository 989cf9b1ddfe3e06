import { differentiable } from './differentiable.ts';
import { concat, slice } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** Matrices of one width below each other: [sum of rows, width]. */
export function differentiableConcat(parts: readonly Tensor[]): Tensor {
  const rows = parts.map(({ shape }) => shape[0]);
  return differentiable(
    parts,
    () => ({ value: concat(parts, 0) }),
    (dy, _, needed) => {
      let from = 0;
      return rows.map((count, i) => {
        const begin = from;
        from += count;
        return needed[i] ? slice(dy, [begin, 0], [count, dy.shape[1]!]) : null;
      });
    },
  );
}
