import {
  add,
  addScalar,
  batchMatMul,
  divide,
  euclideanNorm,
  multiply,
  pack,
  scale,
  subtract,
  unpack,
} from '../engine/kernels.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';
import { AdamW, type AdamWSettings } from './adamw.ts';
import type { Optimiser } from './optimiser.ts';
import type { NamedVariable } from './trainable.ts';

/** Muon's settings; the defaults are torch's. */
export interface MuonSettings {
  readonly momentum?: number;
  /** Decoupled: a step shrinks each matrix by learning rate x this. */
  readonly weightDecay?: number;
  /** Of what is not updated by Muon. */
  readonly adam?: AdamWSettings;
  /**
   * How a variable is updated: null for a matrix by Muon, else AdamW with this share of the learning rate. Embeddings, heads and norms are AdamW's; queries, keys, values, gates and
   * the like are each a matrix of their own.
   */
  readonly share: (name: string) => number | null;
}

/** Coefficients of the iteration X <- a X + (b G + c G^2) X, G = X X^T, and its number of rounds. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ROUNDS = 5;
const EPSILON = 1e-7;

/** Matrices of one shape, which are orthogonalised together: a kernel costs more than its arithmetic on matrices this small. */
interface Stack {
  /** Among the variables. */
  readonly places: readonly number[];
  /** [matrices, rows, columns] */
  readonly momentum: Variable;
}

/** Variables that share a learning rate. */
interface AdamGroup {
  readonly places: readonly number[];
  readonly share: number;
  readonly adam: AdamW;
}

/**
 * Muon (Keller Jordan, 2024, kellerjordan.github.io/posts/muon) as torch.optim.Muon computes it, in float32 where that rounds to bfloat16: m = beta m + (1 - beta) g,
 * W -= lr sqrt(max(1, rows / columns)) O((1 - beta) g + beta m), where O makes a matrix's singular values about 1 by five rounds of Newton and Schulz. Rows and columns are those of the
 * variable as the engine keeps it (a linear layer: [in, out]).
 */
export class Muon implements Optimiser {
  steps = 0;
  readonly #variables: readonly Variable[];
  readonly #momentum: number;
  readonly #weightDecay: number;
  readonly #stacks: readonly Stack[];
  readonly #groups: readonly AdamGroup[];

  constructor(variables: readonly NamedVariable[], { momentum = 0.95, weightDecay = 0, adam, share }: MuonSettings) {
    this.#variables = variables.map(({ variable }) => variable);
    this.#momentum = momentum;
    this.#weightDecay = weightDecay;
    const shares = variables.map(({ name }) => share(name));
    const places = variables.map((_, place) => place);
    const matrices = places.filter((place) => shares[place] === null);
    this.#stacks = groupBy(matrices, (place) => this.#variables[place]!.shape.join()).map((group) => ({
      places: group,
      momentum: tf.tidy(() => tf.variable(tf.zeros([group.length, ...this.#variables[group[0]!]!.shape]), false)),
    }));
    const rest = places.filter((place) => shares[place] !== null);
    this.#groups = groupBy(rest, (place) => String(shares[place])).map((group) => ({
      places: group,
      share: shares[group[0]!]!,
      adam: new AdamW(
        group.map((place) => this.#variables[place]!),
        adam,
      ),
    }));
  }

  /** A stack's momentum has one name and the engine's layout: its matrices are never read one by one. */
  state(variables: readonly NamedVariable[]): NamedVariable[] {
    return [
      ...this.#stacks.map(({ places, momentum }) => ({
        name: `${variables[places[0]!]!.name}.momentum_of_its_shape`,
        variable: momentum,
      })),
      ...this.#groups.flatMap(({ places, adam }) => adam.state(places.map((place) => variables[place]!))),
    ];
  }

  step(gradients: readonly Tensor[], learningRate: number): void {
    this.steps++;
    for (const stack of this.#stacks) tf.tidy(() => this.#stepOf(stack, gradients, learningRate));
    for (const { places, share, adam } of this.#groups) {
      adam.steps = this.steps - 1;
      adam.step(places.map((place) => gradients[place]!), share * learningRate); // prettier-ignore
    }
  }

  #stepOf({ places, momentum }: Stack, gradients: readonly Tensor[], learningRate: number): void {
    const beta = this.#momentum;
    const [, rows, columns] = momentum.shape as [number, number, number];
    const gradient = scale(pack(places.map((place) => gradients[place]!)), 1 - beta);
    const mean = add(scale(momentum, beta), gradient);
    momentum.assign(mean);
    const update = orthogonalised(add(gradient, scale(mean, beta)));
    // Rates change from step to step: scalars of their own, not constants that are kept.
    const rate = tf.scalar(learningRate * Math.sqrt(Math.max(1, rows / columns)));
    const kept = this.#weightDecay === 0 ? null : tf.scalar(1 - learningRate * this.#weightDecay);
    const changes = unpack(multiply(update, rate), places.length);
    places.forEach((place, i) => {
      const variable = this.#variables[place]!;
      variable.assign(subtract(kept ? multiply(variable, kept) : variable, changes[i]!));
    });
  }

  dispose(): void {
    for (const { momentum } of this.#stacks) momentum.dispose();
    for (const { adam } of this.#groups) adam.dispose();
  }
}

/** Each matrix of [matrices, rows, columns] with its singular values brought near 1 (0.7 to 1.2). */
function orthogonalised(matrices: Tensor): Tensor {
  const [, rows, columns] = matrices.shape as [number, number, number];
  const tall = rows > columns;
  let x = divide(matrices, addScalar(euclideanNorm(matrices, [1, 2]), EPSILON));
  for (let round = 0; round < ROUNDS; round++) {
    // The smaller of the two products: X^T X of a tall matrix.
    const gram = batchMatMul(x, x, tall, !tall);
    const factor = add(scale(gram, B), scale(batchMatMul(gram, gram), C));
    x = add(scale(x, A), tall ? batchMatMul(x, factor) : batchMatMul(factor, x));
  }
  return x;
}

function groupBy(places: readonly number[], keyOf: (place: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const place of places) {
    const key = keyOf(place);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()];
}
