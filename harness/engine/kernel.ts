import { tf, type Tensor } from './tensorflow.ts';

/** An attribute of a TensorFlow kernel, in the add-on's terms. */
interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The parts of tfjs-node's backend that run a kernel by its name. */
interface NativeBackend {
  readonly binding: Record<
    'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_FLOAT' | 'TF_INT32' | 'TF_COMPLEX64',
    number
  >;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

const backend = tf.backend() as unknown as NativeBackend;
const { binding } = backend;

/** Whether kernels run on a GPU. */
export const usesGpu = backend.isUsingGpuDevice;

/** TensorFlow's numbers of the element types that kernels are asked for. */
export const DTYPE = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, complex64: binding.TF_COMPLEX64 } as const;

/** A kernel's attribute by its kind. */
export const attribute = {
  type: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  int: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
};

const T_FLOAT = attribute.type('T', DTYPE.float32);

/**
 * Runs a TensorFlow kernel with one output and float32 as its type `T`, by name. It is not put on the gradient tape, and costs a quarter of a tfjs call
 * (11 against 43 microseconds for two scalars): inside `differentiable` and in inference only.
 */
export function run(name: string, inputs: readonly Tensor[], attributes: readonly Attribute[] = []): Tensor {
  return backend.executeSingleOutput(name, [T_FLOAT, ...attributes], inputs);
}

/** As `run`, without the type attribute, for kernels that name theirs otherwise. */
export function runTyped(name: string, inputs: readonly Tensor[], attributes: readonly Attribute[]): Tensor {
  return backend.executeSingleOutput(name, attributes, inputs);
}

/** As `run`, with several outputs. */
export function runMany(
  name: string,
  inputs: readonly Tensor[],
  attributes: readonly Attribute[],
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(name, [T_FLOAT, ...attributes], inputs, outputs);
}
