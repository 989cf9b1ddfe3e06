import { GraphDefinition } from './graph-definition.ts';
import { recordKernels, sessions, type KernelCall } from './kernel.ts';
import { tf, type Tensor } from './tensorflow.ts';

/** Constants up to this many elements (shapes, axes, factors) become part of the graph; larger tensors are kept in its session. */
const MAX_CONSTANT = 16;

/**
 * A computation that is run again and again: recorded once, kernel by kernel, and from then on run by TensorFlow as one graph. There is no JavaScript between the
 * kernels then (some 30 microseconds each, while weights stream through the caches), buffers are used again in place, and the threads stay awake.
 */
export class Graph {
  readonly #session: number;
  readonly #inputs: readonly string[];
  readonly #state: readonly string[];
  readonly #outputs: readonly string[];

  /**
   * Runs `f` once, kernel by kernel, and makes a graph of its kernels. Where the graph is to hold for other sizes too, they must take sizes from the inputs alone
   * (a -1 or a shape tensor where a shape is asked for).
   *
   * @param inputs tensors that are given with each run
   * @param state tensors that stay for many runs: `setState` gives them before the first and replaces them later; all others that f reads (weights) stay for good
   * @param f computes with kernels alone
   *
   * What f gives is dropped: TensorFlow fuses kernels in a graph, so the two ways differ in the last bits, and a result must not depend on how often a process has
   * computed before.
   */
  static record(inputs: readonly Tensor[], state: readonly Tensor[], f: () => readonly Tensor[]): Graph {
    return recordKernels(f, (outputs, calls) => {
      const graph = new Graph(inputs, state, outputs, calls);
      tf.dispose(outputs as Tensor[]);
      return graph;
    });
  }

  private constructor(
    inputs: readonly Tensor[],
    state: readonly Tensor[],
    outputs: readonly Tensor[],
    calls: readonly KernelCall[],
  ) {
    const definition = new GraphDefinition();
    const names = new Map<object, string>();
    const weights: { tensor: Tensor; name: string }[] = [];
    inputs.forEach((tensor, i) => {
      names.set(tensor.dataId, `input_${i}`);
      definition.placeholder(`input_${i}`, tensor);
    });
    state.forEach((tensor, i) => {
      names.set(tensor.dataId, `state_${i}`);
      definition.variable(`state_${i}`, tensor);
    });
    const nameOf = (tensor: Tensor): string => {
      const known = names.get(tensor.dataId);
      if (known) return known;
      const small = tensor.size <= MAX_CONSTANT && tensor.dtype !== 'complex64';
      const name = `${small ? 'constant' : 'weight'}_${names.size}`;
      names.set(tensor.dataId, name);
      if (small) {
        definition.constant(name, tensor);
      } else {
        definition.variable(name, tensor);
        weights.push({ tensor, name });
      }
      return name;
    };
    calls.forEach(({ name, attributes, inputs: read, outputs: made }, i) => {
      definition.kernel(`kernel_${i}`, name, read.map(nameOf), attributes);
      made.forEach((tensor, output) => names.set(tensor.dataId, `kernel_${i}${output === 0 ? '' : `:${output}`}`));
    });
    this.#inputs = inputs.map((_, i) => `input_${i}:0`);
    this.#state = state.map((_, i) => `state_${i}`);
    this.#outputs = outputs.map(nameOf).map((name) => (name.includes(':') ? name : `${name}:0`));
    this.#session = definition.open();
    this.#set(weights);
  }

  /** The outputs for the inputs given, in the order in which they were recorded. */
  run(inputs: readonly Tensor[]): Tensor[] {
    return sessions.run(this.#session, inputs, this.#inputs, this.#outputs);
  }

  /** Replaces the state tensors; the graph reads (and writes) these same buffers. */
  setState(tensors: readonly Tensor[]): void {
    this.#set(tensors.map((tensor, i) => ({ tensor, name: this.#state[i]! })));
  }

  dispose(): void {
    sessions.close(this.#session);
  }

  #set(values: readonly { readonly tensor: Tensor; readonly name: string }[]): void {
    const names = values.map(({ name }) => name);
    const tensors = values.map(({ tensor }) => tensor);
    if (values.length > 0) {
      tf.dispose(sessions.run(this.#session, tensors, names.map((name) => `${name}_new:0`), names.map((name) => `${name}_set:0`))); // prettier-ignore
    }
  }
}
