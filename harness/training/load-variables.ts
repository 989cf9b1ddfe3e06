import { InputError } from '../errors.ts';
import { tf } from '../engine/tensorflow.ts';
import { openSafetensors } from '../language-model/weights/safetensors.ts';
import { checkpointShape, toEngineLayout } from './checkpoint-layout.ts';
import type { NamedVariable } from './trainable.ts';

/**
 * Gives variables the values that a safetensors file has for their names; it is in Hugging Face's layout. What else is in the file is left alone.
 *
 * @param leading names of those that may have fewer rows than the file's tensors: they are given the first ones
 * @throws InputError naming every tensor that is missing or has another shape, before any variable is changed
 */
export async function loadVariables(
  file: string,
  variables: readonly NamedVariable[],
  leading: readonly string[] = [],
): Promise<void> {
  const source = await openSafetensors([file]);
  try {
    const problems = variables.flatMap((named) => {
      const { name } = named;
      const got = source.shape(name);
      const shape = checkpointShape(named);
      const rows = leading.includes(name) ? Math.min(got?.[0] ?? 0, shape[0]!) : got?.[0];
      if (got && [rows, ...got.slice(1)].join() === shape.join()) return [];
      return `${file}: expected a tensor ${name} of shape [${shape.join(', ')}], got ${got ? `[${got.join(', ')}]` : 'none of that name'}`;
    });
    if (problems.length > 0) throw new InputError(problems);
    for (const named of variables) {
      const shape = checkpointShape(named);
      const values = (await source.read(named.name)).subarray(0, named.variable.size);
      tf.tidy(() => named.variable.assign(toEngineLayout(named, tf.tensor(values, shape))));
    }
  } finally {
    await source.close();
  }
}
