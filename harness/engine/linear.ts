import { differentiable } from './differentiable.ts';
import { add, matMul, reshape, scale, selectOrZero, sum } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** A low-rank addition to a linear layer, y += scale (x a^T) b^T (Hu et al., 2021, arXiv 2106.09685). */
export interface LowRank {
  /** [rank, in] */
  readonly a: Tensor;
  /** [out, rank] */
  readonly b: Tensor;
  readonly scale: number;
  /** Dropout of the addition's input: `kept`, bool [rows, in], and the share that is kept, which the rest is divided by. */
  readonly dropout?: { readonly kept: Tensor; readonly share: number };
}

/** A linear layer: weight [in, out], so that a product needs no transposition, and an optional bias [out]. */
export interface LinearWeights {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

/**
 * y = x W + bias + scale (x a^T) b^T. Gradients flow to x and to the low-rank matrices, and to W and bias where they are trained themselves.
 *
 * With h = scale x a^T and dh = scale dy b: dx = dy W^T + dh a, da = dh^T x, db = dy^T h, dW = x^T dy.
 *
 * @param x [rows, in]
 */
export function linear(x: Tensor, { weight, bias }: LinearWeights, lowRank?: LowRank, trainWeights = false): Tensor {
  const inputs = [
    x,
    ...(lowRank ? [lowRank.a, lowRank.b] : []),
    ...(trainWeights ? [weight, ...(bias ? [bias] : [])] : []),
  ];
  const dropout = lowRank?.dropout;
  const dropped = (value: Tensor, kept: Tensor | undefined): Tensor => (kept ? selectOrZero(kept, value) : value);
  // Dividing by the share that is kept is left to the factor of the small product.
  const factor = lowRank ? lowRank.scale / (dropout?.share ?? 1) : 1;
  return differentiable(
    inputs,
    () => {
      const product = matMul(x, weight);
      const y = bias ? add(product, bias) : product;
      if (!lowRank) return { value: y, save: [x] };
      const h = scale(matMul(dropped(x, dropout?.kept), lowRank.a, false, true), factor); // [rows, rank]
      return {
        value: add(y, matMul(h, lowRank.b, false, true)),
        save: [x, h, lowRank.a, lowRank.b, ...(dropout ? [dropout.kept] : [])],
      };
    },
    (dy, [x, h, a, b, kept], needed) => {
      const gradients: (Tensor | null)[] = [needed[0] ? matMul(dy, weight, false, true) : null];
      if (lowRank) {
        const dh = scale(matMul(dy, b!), factor);
        if (gradients[0]) gradients[0] = add(gradients[0], dropped(matMul(dh, a!), kept));
        gradients.push(matMul(dh, dropped(x!, kept), true), matMul(dy, h!, true));
      }
      if (trainWeights) {
        gradients.push(matMul(x!, dy, true));
        if (bias) gradients.push(reshape(sum(dy, [0]), bias.shape));
      }
      return gradients;
    },
  );
}
