import { Graph } from './graph.ts';
import type { Tensor } from './tensorflow.ts';

/** Recording takes about half a second, and a graph holds its masks and tables: those of the last shapes are kept. */
const MAX_GRAPHS = 24;

/** Runs computations of fixed shapes, told apart by a key, as recorded graphs: worth it where shapes come again and again, as in training. */
export class GraphCache {
  readonly #graphs = new Map<string, Graph>();

  /** What f gives for the inputs. Equal keys must mean equal shapes of the inputs and the same computation with the same weights. */
  run(key: string, inputs: readonly Tensor[], f: () => Tensor[]): Tensor[] {
    const graph = this.#graphs.get(key) ?? Graph.record(inputs, [], f);
    // Moves the key to the end of the line, whose front is dropped first.
    this.#graphs.delete(key);
    this.#graphs.set(key, graph);
    if (this.#graphs.size > MAX_GRAPHS) {
      const [oldest, dropped] = this.#graphs.entries().next().value!;
      dropped.dispose();
      this.#graphs.delete(oldest);
    }
    return graph.run(inputs);
  }

  dispose(): void {
    for (const graph of this.#graphs.values()) graph.dispose();
    this.#graphs.clear();
  }
}
