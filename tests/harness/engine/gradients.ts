import assert from 'node:assert/strict';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { valueAndGradients } from '../../../harness/engine/differentiable.ts';
import { tf, type Tensor } from '../../../harness/engine/tensorflow.ts';

/** Numbers of about unit size, the same on every run. */
export function numbers(shape: readonly number[], seed: number): Tensor {
  const generator = xoroshiro128plus(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => generator.next() / 2 ** 31),
    shape as number[],
  );
}

/**
 * Compares an operation's gradients with central differences, (f(x + h) - f(x - h)) / 2h, at every element of every input. f is the sum of the result times fixed
 * numbers, so that each element of the result has its own weight. float32 limits the differences to about 1e-3 of the largest gradient.
 */
export function checkGradients(name: string, inputs: readonly Tensor[], operation: (inputs: Tensor[]) => Tensor): void {
  const shape = operation([...inputs]).shape;
  const weights = numbers(shape, 99);
  const value = (parameters: Tensor[]): number => {
    const out = operation(parameters).dataSync() as Float32Array;
    const w = weights.dataSync();
    return out.reduce((sum: number, x: number, i: number) => sum + x * w[i]!, 0);
  };
  const { gradients } = valueAndGradients(() => operation([...inputs]), inputs, weights);
  inputs.forEach((input, which) => {
    const analytic = gradients[which]!.dataSync();
    const scale = Math.max(...analytic.map(Math.abs), 1e-3);
    const base = input.dataSync();
    const h = 1e-2;
    base.forEach((_: number, i: number) => {
      const moved = (by: number): number => {
        const values = Float32Array.from(base);
        values[i]! += by;
        const parameters = [...inputs];
        parameters[which] = tf.tensor(values, input.shape);
        return value(parameters);
      };
      // Richardson's extrapolation removes the h^2 term.
      const coarse = (moved(2 * h) - moved(-2 * h)) / (4 * h);
      const fine = (moved(h) - moved(-h)) / (2 * h);
      const numeric = (4 * fine - coarse) / 3;
      assert.ok(
        Math.abs(numeric - analytic[i]!) <= 4e-3 * scale,
        `${name}: input ${which}, element ${i}: expected ${numeric} (differences), got ${analytic[i]} (largest ${scale})`,
      );
    });
  });
}
