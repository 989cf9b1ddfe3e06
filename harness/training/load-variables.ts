import { InputError } from '../errors.ts';
import { gatherRows } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import { openSafetensors } from '../language-model/weights/safetensors.ts';
import type { NamedVariable } from './trainable.ts';

/**
 * Gives variables the values that a safetensors file has for their names; its rows are in Hugging Face's order. What else is in the file is left alone.
 *
 * @throws InputError naming every tensor that is missing or has another shape, before any variable is changed
 */
export async function loadVariables(file: string, variables: readonly NamedVariable[]): Promise<void> {
  const source = await openSafetensors([file]);
  try {
    const problems = variables.flatMap(({ name, variable }) => {
      const got = source.shape(name);
      if (got?.join() === variable.shape.join()) return [];
      return `${file}: expected a tensor ${name} of shape [${variable.shape.join(', ')}], got ${got ? `[${got.join(', ')}]` : 'none of that name'}`;
    });
    if (problems.length > 0) throw new InputError(problems);
    for (const { name, variable, order } of variables) {
      const values = await source.read(name);
      tf.tidy(() => {
        const tensor = tf.tensor(values, variable.shape);
        variable.assign(order ? gatherRows(tensor, tf.tensor1d(order as number[], 'int32')) : tensor);
      });
    }
  } finally {
    await source.close();
  }
}
