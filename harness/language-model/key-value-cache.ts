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
  /** For each block and for keys and values: the buffer as rows, and as [batch * keyValueHeads, capacity, headSize]. */
  readonly #buffers: { rows: Tensor; grouped: Tensor }[][];

  /** Room for `capacity` positions of `batch` sequences. */
  constructor(config: ModelConfig, batch: number, capacity: number) {
    this.capacity = capacity;
    this.#config = config;
    const groups = batch * config.keyValueHeads;
    const buffer = (): { rows: Tensor; grouped: Tensor } => {
      // A tensor that no other shares: tf.zeros may hand its JavaScript array over, which the engine must not write to.
      const rows = tf.tidy(() => tf.fill([groups * capacity, config.headSize], 0));
      return { rows, grouped: reshape(rows, [groups, capacity, config.headSize]) };
    };
    this.#buffers = Array.from({ length: config.layers }, () => [buffer(), buffer()]);
  }

  /**
   * Writes keys and values of some positions.
   *
   * @param slots [rows * keyValueHeads] from `slots()`
   * @param keys [rows, keyValueHeads * headSize]
   * @param values the same
   */
  write(block: number, slots: Tensor, keys: Tensor, values: Tensor): void {
    const [keyBuffer, valueBuffer] = this.#buffers[block]!;
    tf.tidy(() => {
      const rows = (x: Tensor): Tensor => reshape(x, [x.size / this.#config.headSize, this.#config.headSize]);
      overwriteRows(keyBuffer!.rows, slots, rows(keys));
      overwriteRows(valueBuffer!.rows, slots, rows(values));
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

  /** Keys and values of a block, each [batch * keyValueHeads, capacity, headSize]. */
  read(block: number): { keys: Tensor; values: Tensor } {
    const [keyBuffer, valueBuffer] = this.#buffers[block]!;
    return { keys: keyBuffer!.grouped, values: valueBuffer!.grouped };
  }

  dispose(): void {
    for (const buffer of this.#buffers.flat()) {
      buffer.rows.dispose();
      buffer.grouped.dispose();
    }
  }
}
