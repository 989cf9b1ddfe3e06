import { tf } from '../../engine/tensorflow.ts';
import { inHuggingFaceOrder } from '../../language-model/lora.ts';
import type { Trainable } from '../../training/trainable.ts';
import type { Deviations } from '../deviation.ts';
import type { GoldenGradient } from './end-to-end-schema.ts';
import { compareEntries, euclideanLength, TOLERANCE } from './tolerances.ts';

/** The memory tokens' embeddings, by our name and as rows of the reference's matrix. */
const MEMORY = { ours: 'memory_embeddings', reference: 'model.embed_tokens.weight' };

/** How a step computes its gradients; both ways are compared. */
export const WAYS = [
  { way: 'recorded', options: { checkpointed: false, recorded: true, dropout: 0 } },
  { way: 'recomputed', options: { checkpointed: true, recorded: false, dropout: 0 } },
] as const;

/** A step's loss and gradients by the reference's names, row-major and in the reference's row order. */
export interface Step {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, readonly number[]>;
}

/** One step of what is trained, without dropout. The trainable is disposed of. */
export function step<Item>(trainable: Trainable<Item>, items: readonly Item[]): Step {
  try {
    const { terms, gradients } = trainable.gradients(items, 0);
    const named = trainable.variables.map((variable, i): [string, number[]] => {
      const ordered = inHuggingFaceOrder(variable, gradients[i]!);
      const values = [...ordered.dataSync()];
      ordered.dispose();
      return [variable.name === MEMORY.ours ? MEMORY.reference : variable.name, values];
    });
    const result = { loss: terms.loss.dataSync()[0]!, gradients: new Map(named) };
    tf.dispose([...Object.values(terms), ...gradients]);
    return result;
  } finally {
    trainable.dispose();
  }
}

/**
 * Compares the gradients of all matrices: which there are, their norms and first entries.
 *
 * @param memory the gradient of the memory tokens' embeddings, where the stage does not train them and the golden gradients lack it
 */
export function compareGradients(
  all: Deviations,
  name: string,
  { gradients }: Step,
  golden: Readonly<Record<string, GoldenGradient>>,
  memory?: GoldenGradient,
): void {
  const expected = memory ? { ...golden, [MEMORY.reference]: memory } : golden;
  const unasked = MEMORY.reference in expected ? [] : [MEMORY.reference];
  const names = [...gradients.keys()].filter((matrix) => !unasked.includes(matrix));
  all.same(`${name}: which matrices have a gradient`, names.sort(), Object.keys(expected).sort());
  for (const [matrix, one] of Object.entries(expected)) compareGradient(all, name, gradients.get(matrix) ?? [], one);
}

function compareGradient(all: Deviations, name: string, got: readonly number[], expected: GoldenGradient): void {
  const { norm } = expected;
  const memory = 'mem_rows' in expected;
  const of = memory ? `${name}: memory embeddings` : name;
  all.compare(`${of}: norms, relative`, euclideanLength(got) / (norm || 1), norm === 0 ? 0 : 1, TOLERANCE.norm);
  const entries = memory ? expected.mem_rows.flat() : expected.first8;
  compareEntries(all, `${of}: entries`, memory ? got : got.slice(0, entries.length), entries, { norm });
}
