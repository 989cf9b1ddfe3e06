import { valueAndGradients } from '../../engine/differentiable.ts';
import { tf, type Tensor, type Variable } from '../../engine/tensorflow.ts';
import { inHuggingFaceOrder, type LoraAdapter } from '../../language-model/lora.ts';
import type { Deviations } from '../deviation.ts';
import type { GoldenGradient } from './end-to-end-schema.ts';
import { compareEntries, euclideanLength, TOLERANCE } from './tolerances.ts';

/** The reference's name of the matrix that the memory tokens' embeddings are rows of. */
export const MEMORY_ROWS = 'model.embed_tokens.weight';

interface Parameter {
  readonly name: string;
  readonly variable: Variable;
  readonly order?: readonly number[];
}

/** An adapter's matrices by the reference's names. */
export function adapterParameters(name: string, adapter: LoraAdapter): Parameter[] {
  return adapter.matrices.map((matrix) => ({ ...matrix, name: `${name}.${matrix.name}` }));
}

/** A loss and its gradients to parameters by name, row-major and in the reference's row order. */
export function namedGradients(
  loss: () => Tensor,
  parameters: readonly Parameter[],
): { loss: number; gradients: Map<string, number[]> } {
  const { value, gradients } = valueAndGradients(loss, parameters.map(({ variable }) => variable)); // prettier-ignore
  const named = new Map<string, number[]>();
  parameters.forEach((parameter, i) => {
    const ordered = inHuggingFaceOrder(parameter, gradients[i]!);
    named.set(parameter.name, [...ordered.dataSync()]);
    ordered.dispose();
  });
  const result = { loss: value.dataSync()[0]!, gradients: named };
  tf.dispose([value, ...gradients]);
  return result;
}

/** Compares the gradients of all matrices: which there are, their norms and first entries. */
export function compareGradients(
  all: Deviations,
  name: string,
  got: ReadonlyMap<string, readonly number[]>,
  golden: Readonly<Record<string, GoldenGradient>>,
): void {
  all.same(`${name}: which matrices have a gradient`, [...got.keys()].sort(), Object.keys(golden).sort());
  for (const [matrix, expected] of Object.entries(golden)) compareGradient(all, name, got.get(matrix) ?? [], expected);
}

/** Compares one gradient. */
export function compareGradient(all: Deviations, name: string, got: readonly number[], expected: GoldenGradient): void {
  const { norm } = expected;
  const memory = 'mem_rows' in expected;
  const of = memory ? `${name}: memory embeddings` : name;
  all.compare(`${of}: norms, relative`, euclideanLength(got) / (norm || 1), norm === 0 ? 0 : 1, TOLERANCE.norm);
  const entries = memory ? expected.mem_rows.flat() : expected.first8;
  compareEntries(all, `${of}: entries`, memory ? got : got.slice(0, entries.length), entries, { norm });
}
