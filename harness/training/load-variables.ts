import { InputError } from '../errors.ts';
import { tf } from '../engine/tensorflow.ts';
import { openSafetensors } from '../language-model/weights/safetensors.ts';
import { checkpointShape, toEngineLayout } from './checkpoint-layout.ts';
import type { NamedVariable } from './trainable.ts';

/**
 * Gives variables the values that a safetensors file has for their names; it is in Hugging Face's layout. What else is in the file is left alone.
 *
 * @throws InputError naming every tensor that is missing or has another shape, before any variable is changed
 */
export async function loadVariables(file: string, variables: readonly NamedVariable[]): Promise<void> {
  const source = await openSafetensors([file]);
  try {
    const problems = variables.flatMap((named) => {
      const { name } = named;
      const got = source.shape(name);
      const shape = checkpointShape(named);
      if (got?.join() === shape.join()) return [];
      return `${file}: expected a tensor ${name} of shape [${shape.join(', ')}], got ${got ? `[${got.join(', ')}]` : 'none of that name'}`;
    });
    if (problems.length > 0) throw new InputError(problems);
    for (const named of variables) {
      const values = await source.read(named.name);
      tf.tidy(() => named.variable.assign(toEngineLayout(named, tf.tensor(values, checkpointShape(named)))));
    }
  } finally {
    await source.close();
  }
}
