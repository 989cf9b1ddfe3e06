import { add, divide, multiply, pack, scale, square, squareRoot, subtract, unpack } from '../engine/kernels.ts';
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

/** Small variables of one shape are updated together, up to this many values: calling a kernel takes longer than computing so little. */
const TOGETHER = 1 << 18;

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
  /** Places of the variables that are updated together. */
  readonly #groups: readonly (readonly number[])[];

  constructor(variables: readonly Variable[], settings: AdamWSettings = {}) {
    this.#variables = variables;
    this.#groups = groupsOf(variables);
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
      for (const places of this.#groups) {
        const together = (tensorOf: (place: number) => Tensor): Tensor =>
          places.length === 1 ? tensorOf(places[0]!) : pack(places.map(tensorOf));
        const assign = (variableOf: (place: number) => Variable, value: Tensor): void => {
          const parts = places.length === 1 ? [value] : unpack(value, places.length);
          places.forEach((place, i) => variableOf(place).assign(parts[i]!));
        };
        tf.tidy(() => {
          const gradient = together((place) => gradients[place]!);
          const variable = together((place) => this.#variables[place]!);
          const m = add(
            scale(
              together((place) => this.moments[place]!.first),
              beta1,
            ),
            scale(gradient, 1 - beta1),
          );
          const v = add(scale(together((place) => this.moments[place]!.second), beta2), scale(square(gradient), 1 - beta2)); // prettier-ignore
          const update = divide(m, add(squareRoot(v), small));
          assign((place) => this.#variables[place]!, subtract(kept ? multiply(variable, kept) : variable, multiply(update, rate))); // prettier-ignore
          assign((place) => this.moments[place]!.first, m);
          assign((place) => this.moments[place]!.second, v);
        });
      }
    });
  }

  dispose(): void {
    for (const { first, second } of this.moments) tf.dispose([first, second]);
  }
}

/** Places of variables of one shape, as many together as TOGETHER allows; a larger variable is alone. */
function groupsOf(variables: readonly Variable[]): number[][] {
  const groups: number[][] = [];
  const open = new Map<string, number[]>();
  for (const [place, { shape, size }] of variables.entries()) {
    const key = shape.join();
    const group = open.get(key);
    if (group && (group.length + 1) * size <= TOGETHER) group.push(place);
    else {
      const begun = [place];
      open.set(key, begun);
      groups.push(begun);
    }
  }
  return groups;
}
