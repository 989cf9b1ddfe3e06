import { add, divide, multiply, scale, square, squareRoot, subtract } from '../engine/kernels.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';
import type { Optimiser } from './optimiser.ts';
import type { NamedVariable } from './trainable.ts';

/** AdamW's settings; the defaults are torch's. */
export interface AdamWSettings {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled: a step shrinks each weight by learning rate x this. */
  readonly weightDecay?: number;
}

/** The means of a variable's gradient and of its square. */
export interface Moments {
  readonly first: Variable;
  readonly second: Variable;
}

/**
 * AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101), as torch computes it: w -= lr decay w, then w -= lr m_hat / (sqrt(v_hat) + epsilon), with
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2 and m_hat = m / (1 - beta1^t), v_hat = v / (1 - beta2^t).
 */
export class AdamW implements Optimiser {
  /** One entry a variable, in their order. With `steps` all that is to be kept for going on later. */
  readonly moments: readonly Moments[];
  /** Steps taken (t). */
  steps = 0;
  readonly #variables: readonly Variable[];
  readonly #settings: Required<AdamWSettings>;

  constructor(variables: readonly Variable[], settings: AdamWSettings = {}) {
    this.#variables = variables;
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...settings };
    const zeros = ({ shape }: Variable): Variable => tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.moments = variables.map((variable) => ({ first: zeros(variable), second: zeros(variable) }));
  }

  /** The moments, in the row order of their variables. */
  state(variables: readonly NamedVariable[]): NamedVariable[] {
    return variables.flatMap((named, i) => [
      { ...named, name: `${named.name}.first_moment`, variable: this.moments[i]!.first },
      { ...named, name: `${named.name}.second_moment`, variable: this.moments[i]!.second },
    ]);
  }

  /** One step along gradients given in the order of the variables, which are left as they are. */
  step(gradients: readonly Tensor[], learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#settings;
    this.steps++;
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    tf.tidy(() => {
      // m_hat / (sqrt(v_hat) + epsilon), with both corrections drawn out of the tensors.
      const rate = tf.scalar((learningRate * correction) / (1 - beta1 ** this.steps));
      const small = tf.scalar(epsilon * correction);
      const kept = weightDecay === 0 ? null : tf.scalar(1 - learningRate * weightDecay);
      this.#variables.forEach((variable, i) => {
        const gradient = gradients[i]!;
        const { first, second } = this.moments[i]!;
        tf.tidy(() => {
          const m = add(scale(first, beta1), scale(gradient, 1 - beta1));
          const v = add(scale(second, beta2), scale(square(gradient), 1 - beta2));
          const update = divide(m, add(squareRoot(v), small));
          variable.assign(subtract(kept ? multiply(variable, kept) : variable, multiply(update, rate)));
          first.assign(m);
          second.assign(v);
        });
      });
    });
  }

  dispose(): void {
    for (const { first, second } of this.moments) tf.dispose([first, second]);
  }
}
