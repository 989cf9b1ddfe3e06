import { tf } from '../engine/tensorflow.ts';
import { writeSafetensors } from '../language-model/weights/write-safetensors.ts';
import { checkpointShape, toCheckpointLayout } from './checkpoint-layout.ts';
import type { NamedVariable } from './trainable.ts';

/**
 * Writes variables into a safetensors file, as float32 and in Hugging Face's layout. A reader sees the old file or the new one whole.
 *
 * @throws InputError where there cannot be such a file, MachineError where the disk is full
 */
export async function saveVariables(file: string, variables: readonly NamedVariable[]): Promise<void> {
  await writeSafetensors(
    file,
    variables.map((named) => ({
      name: named.name,
      shape: checkpointShape(named),
      values: () => tf.tidy(() => toCheckpointLayout(named, named.variable).dataSync() as Float32Array),
    })),
  );
}
