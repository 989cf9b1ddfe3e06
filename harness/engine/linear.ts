import { differentiable } from './differentiable.ts';
import { add, matMul, padColumns, reshape, slice, sum } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** A low-rank addition that is ready to be made: y += h b^T, with h = scale x a^T among those of the layers that share the input (`lowRankInput`). */
export interface LowRankTerm {
  /** [rows, ranks] */
  readonly h: Tensor;
  /** First column of h that is this layer's. */
  readonly from: number;
  /** [out, rank] */
  readonly b: Tensor;
}

/** A linear layer: weight [in, out], so that a product needs no transposition, and an optional bias [out]. */
export interface LinearWeights {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

/**
 * y = x W + bias + h b^T. Gradients flow to x, h and b, and to W and bias where they are trained themselves: dx = dy W^T, dh = dy b, db = dy^T h, dW = x^T dy.
 *
 * @param x [rows, in]
 */
export function linear(x: Tensor, { weight, bias }: LinearWeights, term?: LowRankTerm, trainWeights = false): Tensor {
  const inputs = [x, ...(term ? [term.h, term.b] : []), ...(trainWeights ? [weight, ...(bias ? [bias] : [])] : [])];
  const rank = term?.b.shape[1] ?? 0;
  const columns = (h: Tensor): Tensor => (rank === h.shape[1] ? h : slice(h, [0, term!.from], [h.shape[0], rank]));
  return differentiable(
    inputs,
    () => {
      const product = matMul(x, weight);
      const y = bias ? add(product, bias) : product;
      const kept = trainWeights ? [x] : [];
      if (!term) return { value: y, save: kept };
      return { value: add(y, matMul(columns(term.h), term.b, false, true)), save: [term.h, term.b, ...kept] };
    },
    (dy, saved, needed) => {
      const gradients: (Tensor | null)[] = [needed[0] ? matMul(dy, weight, false, true) : null];
      const [h, b, trained] = term ? saved : [undefined, undefined, saved[0]];
      if (term) {
        const ranks = h!.shape[1]!;
        const dh = needed[1] ? padColumns(matMul(dy, b!), term.from, ranks - rank - term.from) : null;
        gradients.push(dh, needed[2] ? matMul(dy, columns(h!), true) : null);
      }
      if (trainWeights) {
        gradients.push(matMul(trained!, dy, true));
        if (bias) gradients.push(reshape(sum(dy, [0]), bias.shape));
      }
      return gradients;
    },
  );
}
