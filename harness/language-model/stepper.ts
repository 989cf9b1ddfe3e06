import { cacheMask } from '../engine/attention.ts';
import { Graph } from '../engine/graph.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decodeStep, type StepInputs } from './decode-step.ts';
import type { Generator } from './generate.ts';
import type { KeyValueCache } from './key-value-cache.ts';
import { rotaryTablesAt } from './rotary-tables.ts';

/** A model's recorded decoding step; it serves every batch. */
const graphs = new WeakMap<Generator, Graph>();

/** Decodes a batch token by token over its cache. */
export class Stepper {
  readonly #model: Generator;
  readonly #cache: KeyValueCache;
  #graph: Graph | undefined;

  constructor(model: Generator, cache: KeyValueCache) {
    this.#model = model;
    this.#cache = cache;
  }

  /** Logits [batch, vocabulary] after the tokens given, one a sequence, at their positions. */
  step(tokens: readonly number[], positions: readonly number[]): Tensor {
    const { config } = this.#model;
    return tf.tidy(() => {
      const tables = rotaryTablesAt(config, positions);
      const seen = positions.map((position) => ({
        from: config.slidingWindow === null ? 0 : Math.max(0, position - config.slidingWindow + 1),
        to: position + 1,
      }));
      const inputs: StepInputs = {
        tokens: tf.tensor1d(tokens as number[], 'int32'),
        queryTable: tables.queries,
        keyTable: tables.keys,
        mask: cacheMask(seen, config.keyValueHeads, this.#cache.capacity),
        slots: this.#cache.slots(positions.map((position, sequence) => ({ sequence, position }))),
        cacheShape: tf.clone(this.#cache.shape),
      };
      return this.#run(inputs);
    });
  }

  /** Lets go of the cache's memory; the recorded step stays for the next batch. */
  dispose(): void {
    if (!this.#graph) return;
    const nothing = tf.fill([1, 1], 0);
    this.#graph.setState(this.#state().map(() => nothing));
    nothing.dispose();
  }

  #run(inputs: StepInputs): Tensor {
    const given = Object.values(inputs) as Tensor[];
    if (!this.#graph) {
      this.#graph = graphs.get(this.#model) ?? this.#record(inputs);
      graphs.set(this.#model, this.#graph);
      this.#graph.setState(this.#state());
    }
    return this.#graph.run(given)[0]!;
  }

  #record(inputs: StepInputs): Graph {
    const { config, weights, adapter } = this.#model;
    const step = (): Tensor[] => [decodeStep(config, weights, inputs, this.#cache.buffers, adapter)];
    return Graph.record(Object.values(inputs) as Tensor[], this.#state(), step);
  }

  #state(): Tensor[] {
    return this.#cache.buffers.flatMap(({ keys, values }) => [keys, values]);
  }
}

/** Frees a model's recorded step. */
export function disposeSteps(model: Generator): void {
  graphs.get(model)?.dispose();
  graphs.delete(model);
}
