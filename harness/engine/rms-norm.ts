import { differentiable } from './differentiable.ts';
import {
  addScalar,
  euclideanNorm,
  multiply,
  reciprocalSquareRoot,
  reshape,
  scale,
  square,
  subtract,
  sum,
} from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/**
 * Root-mean-square norm, y = gamma x / sqrt(mean(x^2) + epsilon) over the last axis (Zhang and Sennrich, 2019, arXiv 1910.07467).
 *
 * With r = 1 / sqrt(mean(x^2) + epsilon) and g = gamma dy, dx = r g - x r^3 mean(g x); dgamma = the sum of dy x r over the rows.
 *
 * @param x [rows, size]
 * @param gamma [size]
 * @param trainGamma whether a gradient flows to gamma as well
 */
export function rmsNorm(x: Tensor, gamma: Tensor, epsilon: number, trainGamma = false): Tensor {
  const axis = x.rank - 1;
  const size = x.shape[axis]!;
  return differentiable(
    trainGamma ? [x, gamma] : [x],
    () => {
      // EuclideanNorm is one pass over x where Square and Mean would be two.
      const r = reciprocalSquareRoot(addScalar(scale(square(euclideanNorm(x, [axis])), 1 / size), epsilon)); // [rows, 1]
      return { value: multiply(multiply(x, r), gamma), save: [x, r, gamma] };
    },
    (dy, [x, r, gamma]) => {
      const g = multiply(dy, gamma!);
      const coefficient = multiply(scale(sum(multiply(g, x!), [axis]), 1 / size), multiply(square(r!), r!)); // [rows, 1]
      const dx = subtract(multiply(g, r!), multiply(x!, coefficient));
      if (!trainGamma) return [dx];
      const rows = Array.from({ length: axis }, (_, i) => i);
      return [dx, reshape(sum(multiply(dy, multiply(x!, r!)), rows), gamma!.shape)];
    },
  );
}
