import { overwriteRows, reshape } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { ModelConfig } from './model-config.ts';

/**
 * Keys and values of a batch's past positions, one buffer a block that new rows are written into: nothing is copied as it fills.
 * Slot s of a sequence holds position s.
 */
export class KeyValueCache {
  readonly capacity: number;
  readonly #config: ModelConfig;
  /** For each block, keys and values as rows [batch * keyValueHeads * capacity, headSize]. */
  readonly buffers: readonly { readonly keys: Tensor; readonly values: Tensor }[];
  /** int32 [3]: batch * keyValueHeads, capacity, headSize. */
  readonly shape: Tensor;

  /** Room for `capacity` positions of `batch` sequences. */
  constructor(config: ModelConfig, batch: number, capacity: number) {
    this.capacity = capacity;
    this.#config = config;
    const groups = batch * config.keyValueHeads;
    // Made by a kernel: a tensor made from a JavaScript array would share the array's memory, which must not be written to.
    const buffer = (): Tensor => tf.keep(tf.fill([groups * capacity, config.headSize], 0));
    this.buffers = Array.from({ length: config.layers }, () => ({ keys: buffer(), values: buffer() }));
    this.shape = tf.keep(tf.tensor1d([groups, capacity, config.headSize], 'int32'));
  }

  /**
   * Writes keys and values of some positions.
   *
   * @param slots [rows * keyValueHeads] from `slots()`
   * @param keys [rows, keyValueHeads * headSize]
   * @param values the same
   */
  write(block: number, slots: Tensor, keys: Tensor, values: Tensor): void {
    const buffer = this.buffers[block]!;
    tf.tidy(() => {
      overwriteRows(buffer.keys, slots, reshape(keys, [-1, this.#config.headSize]));
      overwriteRows(buffer.values, slots, reshape(values, [-1, this.#config.headSize]));
    });
  }

  /** Where the rows of the given sequences and positions lie, int32 [positions * keyValueHeads]. */
  slots(positions: readonly { readonly sequence: number; readonly position: number }[]): Tensor {
    const heads = this.#config.keyValueHeads;
    const indexes = new Int32Array(positions.length * heads);
    positions.forEach(({ sequence, position }, i) => {
      for (let head = 0; head < heads; head++)
        indexes[i * heads + head] = (sequence * heads + head) * this.capacity + position;
    });
    return tf.tensor1d(indexes, 'int32');
  }

  dispose(): void {
    for (const { keys, values } of this.buffers) tf.dispose([keys, values]);
    this.shape.dispose();
  }
}
