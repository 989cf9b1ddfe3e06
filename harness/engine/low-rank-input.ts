import { differentiable } from './differentiable.ts';
import { concat, matMul, scale, selectOrZero, slice } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** A low-rank addition to a linear layer, y += scale (x a^T) b^T (Hu et al., 2021, arXiv 2106.09685). */
export interface LowRank {
  /** [rank, in] */
  readonly a: Tensor;
  /** [out, rank] */
  readonly b: Tensor;
  readonly scale: number;
}

/** Dropout of an addition's input: `kept`, bool [rows, in], and the share that is kept, which the rest is divided by. */
export interface InputDropout {
  readonly kept: Tensor;
  readonly share: number;
}

/**
 * The inner half of the additions of layers that share an input: h = scale drop(x) [a_1; a_2; ...]^T, one product for all of them. With dh: dx = scale drop(dh a), da = scale dh^T drop(x).
 *
 * @param x [rows, in]
 * @param parts additions of one scale
 * @returns [rows, sum of ranks]
 */
export function lowRankInput(
  x: Tensor,
  parts: readonly Pick<LowRank, 'a' | 'scale'>[],
  dropout?: InputDropout,
): Tensor {
  const matrices = parts.map(({ a }) => a);
  const factor = parts[0]!.scale / (dropout?.share ?? 1);
  const dropped = (value: Tensor, kept: Tensor | undefined): Tensor => (kept ? selectOrZero(kept, value) : value);
  return differentiable(
    [x, ...matrices],
    () => {
      const all = concat(matrices, 0);
      const h = scale(matMul(dropped(x, dropout?.kept), all, false, true), factor);
      return { value: h, save: [x, all, ...(dropout ? [dropout.kept] : [])] };
    },
    (dy, [x, all, kept], needed) => {
      const dh = scale(dy, factor);
      const dx = needed[0] ? dropped(matMul(dh, all!), kept) : null;
      const da = matMul(dh, dropped(x!, kept), true); // [ranks, in]
      let from = 0;
      return [
        dx,
        ...matrices.map(({ shape: [rank, inside] }) => {
          const begin = from;
          from += rank;
          return matrices.length === 1 ? da : slice(da, [begin, 0], [rank, inside!]);
        }),
      ];
    },
  );
}
