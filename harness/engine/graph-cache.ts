import { Graph } from './graph.ts';
import type { Tensor } from './tensorflow.ts';

/** Recording takes about half a second, and a graph holds its masks and tables: those of the last few shapes are kept. */
const MAX_GRAPHS = 8;
/** Keys of computations that came once are remembered a little longer. */
const MAX_KEYS = 64;

/** Runs computations of fixed shapes, told apart by a key: one that comes a second time is recorded, and a graph from then on. */
export class GraphCache {
  readonly #known = new Map<string, Graph | null>();

  /** What f gives for the inputs. Equal keys must mean equal shapes of the inputs and the same computation with the same weights. */
  run(key: string, inputs: readonly Tensor[], f: () => Tensor[]): Tensor[] {
    const known = this.#known.get(key);
    this.#known.delete(key);
    if (known === undefined) {
      this.#keep(key, null);
      return f();
    }
    if (known) {
      this.#keep(key, known);
      return known.run(inputs);
    }
    const { graph, outputs } = Graph.record(inputs, [], f);
    this.#keep(key, graph);
    return outputs;
  }

  dispose(): void {
    for (const graph of this.#known.values()) graph?.dispose();
    this.#known.clear();
  }

  /** Puts a key at the end of the line, and drops what stands at its front. */
  #keep(key: string, graph: Graph | null): void {
    this.#known.set(key, graph);
    const graphs = [...this.#known].filter(([, value]) => value !== null);
    const dropped = graphs.slice(0, Math.max(0, graphs.length - MAX_GRAPHS)).map(([old]) => old);
    if (this.#known.size > MAX_KEYS) dropped.push(this.#known.keys().next().value!);
    for (const old of dropped) {
      this.#known.get(old)?.dispose();
      this.#known.delete(old);
    }
  }
}
