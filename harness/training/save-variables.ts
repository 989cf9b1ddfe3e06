import { gatherRows } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import { inverseOrder } from '../language-model/rotary-order.ts';
import { writeSafetensors } from '../language-model/weights/write-safetensors.ts';
import type { NamedVariable } from './trainable.ts';

/**
 * Writes variables into a safetensors file, as float32 and in Hugging Face's row order. A reader sees the old file or the new one whole.
 *
 * @throws InputError where there cannot be such a file, MachineError where the disk is full
 */
export async function saveVariables(file: string, variables: readonly NamedVariable[]): Promise<void> {
  await writeSafetensors(
    file,
    variables.map(({ name, variable, order }) => ({
      name,
      shape: variable.shape,
      values: () =>
        tf.tidy(
          () =>
            (order
              ? gatherRows(variable, tf.tensor1d(inverseOrder(order), 'int32'))
              : variable
            ).dataSync() as Float32Array,
        ),
    })),
  );
}
