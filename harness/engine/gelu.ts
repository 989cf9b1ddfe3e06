import { differentiable } from './differentiable.ts';
import { add, addScalar, errorFunction, exponential, multiply, scale, square } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/**
 * y = x P(x), where P is the standard normal distribution, P(x) = (1 + erf(x / sqrt(2))) / 2 (Hendrycks and Gimpel, 2016, arXiv 1606.08415), without an approximation.
 *
 * dx = dy (P(x) + x p(x)), where p(x) = exp(-x^2 / 2) / sqrt(2 pi).
 */
export function gelu(x: Tensor): Tensor {
  return differentiable(
    [x],
    () => ({ value: multiply(x, distribution(x)), save: [x] }),
    (dy, [x]) => {
      const density = scale(exponential(scale(square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [multiply(dy, add(distribution(x!), multiply(x!, density)))];
    },
  );
}

function distribution(x: Tensor): Tensor {
  return scale(addScalar(errorFunction(scale(x, Math.SQRT1_2)), 1), 0.5);
}
