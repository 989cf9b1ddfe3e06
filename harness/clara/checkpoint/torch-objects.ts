import { blockTypes, type BlockType } from '../../language-model/weights/block-types.ts';
import type { PickleObjects, PickleValue } from './pickle.ts';
import { TorchGlobal, TorchStorage, TorchTensor } from './torch-tensor.ts';

/** What a torch file's pickle holds beside plain containers. */
export type TorchObject = TorchGlobal | TorchStorage | TorchTensor;

/** Weights have two dimensions. */
const MAX_DIMENSIONS = 8;
/** torch's storages of floating point by our names of the types. */
const STORAGES: Readonly<Record<string, string>> = {
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.DoubleStorage': 'F64',
};
const TENSOR = 'torch._utils._rebuild_tensor_v2';
const PARAMETER = 'torch._utils._rebuild_parameter';
const ORDERED_DICT = 'collections.OrderedDict';
const KNOWN = [...Object.keys(STORAGES), TENSOR, PARAMETER, ORDERED_DICT];

/** The globals that a file of tensors needs, and no other: storages of floating point, the two that make a tensor of one, and the ordered dict. */
export const torchObjects: PickleObjects<TorchObject> = {
  global: (module, name) => (KNOWN.includes(`${module}.${name}`) ? new TorchGlobal(`${module}.${name}`) : undefined),

  call(callee, given) {
    const name = callee instanceof TorchGlobal ? callee.name : 'an object';
    if (name === ORDERED_DICT && given.length === 0) return new Map();
    if (name === TENSOR) return tensor(given);
    if (name === PARAMETER && given[0] instanceof TorchTensor) return given[0];
    throw new Error(`refused call of ${name} with ${given.length} arguments`);
  },

  persistent(id) {
    const [kind, type, key, , values] = Array.isArray(id) ? id : [];
    const found = type instanceof TorchGlobal ? storageType(type.name) : undefined;
    if (kind !== 'storage' || !found || typeof key !== 'string' || !isCount(values)) {
      throw new Error('expected a persistent id ("storage", a type of floating point, key, place, number of values)');
    }
    if (!/^\w{1,64}$/.test(key))
      throw new Error(`expected a storage's key of letters and digits, got ${JSON.stringify(key)}`);
    return new TorchStorage(key, found, values);
  },

  // A state dict's versions of modules come as the state of its ordered dict: nothing that weights depend on.
  build(target, state) {
    if (!(target instanceof Map && state instanceof Map))
      throw new Error('refused state of an object that is no ordered dict');
  },
};

function storageType(name: string): BlockType | undefined {
  return blockTypes.find((type) => type.name === STORAGES[name]);
}

/** storage, offset, shape, strides, requires_grad, hooks, metadata; the last three say nothing of the values. */
function tensor([storage, offset, shape, strides]: readonly PickleValue<TorchObject>[]): TorchTensor {
  if (!(storage instanceof TorchStorage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides)) {
    throw new Error('expected a tensor made of a storage, an offset, a shape and strides');
  }
  if (shape.length !== strides.length || shape.length > MAX_DIMENSIONS) {
    throw new Error(
      `expected a shape of at most ${MAX_DIMENSIONS} numbers and as many strides, got ${shape.length} and ${strides.length}`,
    );
  }
  const last = shape.reduce((place, size, axis) => place + (size - 1) * strides[axis]!, offset);
  const values = shape.reduce((product, size) => product * size, 1);
  if (
    !Number.isSafeInteger(values) ||
    !Number.isSafeInteger(last) ||
    values > storage.values ||
    (values > 0 && last >= storage.values)
  ) {
    throw new Error(
      `a tensor [${shape.join(', ')}] with strides [${strides.join(', ')}] from ${offset} leaves its storage of ${storage.values} values`,
    );
  }
  return new TorchTensor(storage, offset, shape, strides);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
