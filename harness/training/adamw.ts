import { add, addScalar, divide, multiply, scale, square, squareRoot, subtract } from '../engine/kernels.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';

/** AdamW's settings; the defaults are torch's. */
export interface AdamWSettings {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled: a step shrinks each weight by learning rate x this. */
  readonly weightDecay?: number;
}

/**
 * AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101), as torch computes it: w -= lr decay w, then w -= lr m_hat / (sqrt(v_hat) + epsilon), with
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2 and m_hat = m / (1 - beta1^t), v_hat = v / (1 - beta2^t).
 */
export class AdamW {
  readonly #variables: readonly Variable[];
  readonly #settings: Required<AdamWSettings>;
  #moments: { first: Tensor; second: Tensor }[];
  #step = 0;

  constructor(variables: readonly Variable[], settings: AdamWSettings = {}) {
    this.#variables = variables;
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...settings };
    this.#moments = variables.map(({ shape }) => ({
      first: tf.keep(tf.zeros(shape)),
      second: tf.keep(tf.zeros(shape)),
    }));
  }

  /** One step along gradients given in the order of the variables, which are left as they are. */
  step(gradients: readonly Tensor[], learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#settings;
    this.#step++;
    const correction = Math.sqrt(1 - beta2 ** this.#step);
    const rate = (learningRate * correction) / (1 - beta1 ** this.#step);
    this.#moments = this.#variables.map((variable, i) => {
      const gradient = gradients[i]!;
      const { first, second } = this.#moments[i]!;
      const [value, m, v] = tf.tidy(() => {
        const m = add(scale(first, beta1), scale(gradient, 1 - beta1));
        const v = add(scale(second, beta2), scale(square(gradient), 1 - beta2));
        // m_hat / (sqrt(v_hat) + epsilon), with both corrections drawn out of the tensors.
        const update = divide(m, addScalar(squareRoot(v), epsilon * correction));
        const kept = weightDecay === 0 ? variable : multiply(variable, tf.scalar(1 - learningRate * weightDecay));
        return [subtract(kept, multiply(update, tf.scalar(rate))), m, v];
      });
      variable.assign(value);
      tf.dispose([value, first, second]);
      return { first: tf.keep(m), second: tf.keep(v) };
    });
  }

  dispose(): void {
    for (const { first, second } of this.#moments) tf.dispose([first, second]);
  }
}
