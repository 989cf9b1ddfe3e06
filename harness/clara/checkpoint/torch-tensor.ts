import type { BlockType } from '../../language-model/weights/block-types.ts';

/** The memory that tensors of a torch file look into: an entry `data/KEY` of the zip. */
export class TorchStorage {
  readonly key: string;
  readonly type: BlockType;
  /** Values in it. */
  readonly values: number;

  constructor(key: string, type: BlockType, values: number) {
    this.key = key;
    this.type = type;
    this.values = values;
  }
}

/** A tensor of a torch file: a view of a storage. Offset and strides count values. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A name that torch's pickles call or refer to; what it does is in torch-objects.ts. */
export class TorchGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
