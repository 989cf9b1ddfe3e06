import { differentiable } from './differentiable.ts';
import { add, matMul, multiply, reshape, scale, sum } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** A low-rank addition to a linear layer, y += scale (x a^T) b^T (Hu et al., 2021, arXiv 2106.09685). */
export interface LowRank {
  /** [rank, in] */
  readonly a: Tensor;
  /** [out, rank] */
  readonly b: Tensor;
  readonly scale: number;
  /** Dropout of the addition's input: [rows, in] of 0 and 1 / (1 - rate). */
  readonly dropout?: Tensor;
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
  const dropped = (value: Tensor): Tensor => (lowRank?.dropout ? multiply(value, lowRank.dropout) : value);
  return differentiable(
    inputs,
    () => {
      const product = matMul(x, weight);
      const y = bias ? add(product, bias) : product;
      if (!lowRank) return { value: y, save: [x] };
      const h = scale(matMul(dropped(x), lowRank.a, false, true), lowRank.scale); // [rows, rank]
      return { value: add(y, matMul(h, lowRank.b, false, true)), save: [x, h, lowRank.a, lowRank.b] };
    },
    (dy, [x, h, a, b], needed) => {
      const gradients: (Tensor | null)[] = [needed[0] ? matMul(dy, weight, false, true) : null];
      if (lowRank) {
        const dh = scale(matMul(dy, b!), lowRank.scale);
        if (gradients[0]) gradients[0] = add(gradients[0], dropped(matMul(dh, a!)));
        gradients.push(matMul(dh, dropped(x!), true), matMul(dy, h!, true));
      }
      if (trainWeights) {
        gradients.push(matMul(x!, dy, true));
        if (bias) gradients.push(reshape(sum(dy, [0]), bias.shape));
      }
      return gradients;
    },
  );
}
