import { tf, type Tensor } from './tensorflow.ts';

/** An attribute of a TensorFlow kernel, in the add-on's terms. */
export interface Attribute {
  readonly name: string;
  readonly kind: 'type' | 'bool' | 'int';
  /** The kind as the add-on numbers it. */
  readonly type: number;
  readonly value: number | boolean;
}

/** The parts of tfjs-node's backend that run a kernel by its name. */
interface NativeBackend {
  readonly binding: Record<
    'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_INT' | 'TF_FLOAT' | 'TF_INT32' | 'TF_COMPLEX64' | 'TF_UINT8',
    number
  >;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(
    session: number,
    inputs: readonly Tensor[],
    names: readonly { readonly name: string }[],
    outputs: readonly string[],
  ): Tensor[];
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

const backend = tf.backend() as unknown as NativeBackend;
const { binding } = backend;

/** TensorFlow's numbers of the element types that kernels are asked for. */
export const DTYPE = {
  float32: binding.TF_FLOAT,
  int32: binding.TF_INT32,
  complex64: binding.TF_COMPLEX64,
  uint8: binding.TF_UINT8,
} as const;

/** A kernel's attribute by its kind. */
export const attribute = {
  type: (name: string, value: number): Attribute => ({ name, kind: 'type', type: binding.TF_ATTR_TYPE, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, kind: 'bool', type: binding.TF_ATTR_BOOL, value }),
  int: (name: string, value: number): Attribute => ({ name, kind: 'int', type: binding.TF_ATTR_INT, value }),
};

const T_FLOAT = attribute.type('T', DTYPE.float32);

/** A kernel that ran: what it read and what it made. */
export interface KernelCall {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** A recording: the kernels that ran, in order, and the tensors that they read and none of them made. Tensors are told apart by their dataId, which a clone shares. */
interface Recording {
  readonly calls: KernelCall[];
  readonly made: Set<object>;
  readonly held: Map<object, Tensor>;
}

let recording: Recording | null = null;

/**
 * Runs f, and tells `use` which kernels it ran. What they read from elsewhere (constants made on the way, say) is kept alive until `use` has returned.
 */
export function recordKernels<T, R>(f: () => T, use: (result: T, calls: readonly KernelCall[]) => R): R {
  const mine: Recording = { calls: [], made: new Set(), held: new Map() };
  recording = mine;
  try {
    const result = f();
    recording = null;
    return use(result, mine.calls);
  } finally {
    recording = null;
    for (const kept of mine.held.values()) kept.dispose();
  }
}

function note({ calls, made, held }: Recording, call: KernelCall): void {
  const inputs = call.inputs.map((input) => {
    if (made.has(input.dataId)) return input;
    const kept = held.get(input.dataId) ?? tf.keep(tf.clone(input));
    held.set(input.dataId, kept);
    return kept;
  });
  for (const output of call.outputs) made.add(output.dataId);
  calls.push({ ...call, inputs });
}

function execute(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[], count: number): Tensor[] {
  const outputs =
    count === 1
      ? [backend.executeSingleOutput(name, attributes, inputs)]
      : backend.executeMultipleOutputs(name, attributes, inputs, count);
  if (recording) note(recording, { name, attributes, inputs, outputs });
  return outputs;
}

/**
 * Runs a TensorFlow kernel with one output and float32 as its type `T`, by name. It is not put on the gradient tape, and costs a quarter of a tfjs call
 * (11 against 43 microseconds for two scalars): inside `differentiable` and in inference only.
 */
export function run(name: string, inputs: readonly Tensor[], attributes: readonly Attribute[] = []): Tensor {
  return execute(name, [T_FLOAT, ...attributes], inputs, 1)[0]!;
}

/** As `run`, without the type attribute, for kernels that name theirs otherwise. */
export function runTyped(name: string, inputs: readonly Tensor[], attributes: readonly Attribute[]): Tensor {
  return execute(name, attributes, inputs, 1)[0]!;
}

/** As `run`, with several outputs. */
export function runMany(
  name: string,
  inputs: readonly Tensor[],
  attributes: readonly Attribute[],
  outputs: number,
): Tensor[] {
  return execute(name, [T_FLOAT, ...attributes], inputs, outputs);
}

/** TensorFlow sessions over a graph in a SavedModel folder, by number. */
export const sessions = {
  open: (folder: string): number => backend.loadSavedModelMetaGraph(folder, 'serve'),
  close: (session: number): void => backend.deleteSavedModel(session),
  /** The outputs (`node:output`) for the inputs given under their names. */
  run: (session: number, inputs: readonly Tensor[], names: readonly string[], outputs: readonly string[]): Tensor[] =>
    backend.runSavedModel(
      session,
      inputs,
      names.map((name) => ({ name })),
      outputs,
    ),
};
