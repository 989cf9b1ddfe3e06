import { concat, euclideanNorm, multiply, reshape } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';

/** Keeps the factor finite where all gradients are 0, as torch's `clip_grad_norm_` does. */
const EPSILON = 1e-6;

/**
 * Scales gradients so that their norm, all taken as one vector, is at most `max`: by min(1, max / (norm + 1e-6)), as torch's `clip_grad_norm_`. Null leaves them as they are.
 * The gradients given are freed.
 *
 * @returns the norm before, and the gradients, which the caller frees
 */
export function clipGradients(gradients: readonly Tensor[], max: number | null): { norm: number; gradients: Tensor[] } {
  const norms = tf.tidy(() =>
    concat(
      gradients.map((gradient) => reshape(euclideanNorm(reshape(gradient, [-1]), [0]), [1])),
      0,
    ).dataSync(),
  );
  const norm = Math.hypot(...norms);
  const factor = max === null ? 1 : Math.min(1, max / (norm + EPSILON));
  // Also where the norm is not a number: the caller sees to that.
  if (!(factor < 1)) return { norm, gradients: [...gradients] };
  const scalar = tf.scalar(factor);
  const clipped = gradients.map((gradient) => {
    const scaled = multiply(gradient, scalar);
    gradient.dispose();
    return scaled;
  });
  scalar.dispose();
  return { norm, gradients: clipped };
}
