import { setImmediate } from 'node:timers/promises';
import { add, scale } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { addTerms, readTerms, type Terms } from './terms.ts';
import type { LossTerms } from './trainable.ts';

/**
 * Loss terms and gradients of a batch that is computed in micro-batches: their means, each micro-batch weighted by its items.
 *
 * @param compute a micro-batch's terms and gradients; it is given the micro-batch's number
 * @param check is given each micro-batch's terms before the next is computed; what it throws ends the batch
 * @returns the terms, and the gradients, which the caller frees
 */
export async function accumulateGradients<Item>(
  batches: readonly (readonly Item[])[],
  compute: (items: readonly Item[], index: number) => { terms: LossTerms; gradients: Tensor[] },
  check: (items: readonly Item[], terms: Terms) => void | Promise<void>,
): Promise<{ terms: Terms; gradients: Tensor[] }> {
  const count = batches.reduce((sum, { length }) => sum + length, 0);
  const total: Record<string, number> = {};
  let sums: Tensor[] = [];
  try {
    for (const [index, items] of batches.entries()) {
      const weight = items.length / count;
      const { terms: tensors, gradients } = compute(items, index);
      // The whole batch at once: there is nothing to scale.
      if (weight === 1) sums = gradients;
      else
        sums = gradients.map((gradient, i) => {
          const sum = tf.tidy(() => {
            const part = scale(gradient, weight);
            return index > 0 ? add(sums[i]!, part) : part;
          });
          // One by one, so that hardly more than two sets are in memory.
          tf.dispose([gradient, ...(index > 0 ? [sums[i]!] : [])]);
          return sum;
        });
      const terms = readTerms(tensors);
      addTerms(total, terms, weight);
      await check(items, terms);
      // Between two pieces of work that hold the process for seconds, timers and messages have their turn.
      await setImmediate();
    }
  } catch (error) {
    tf.dispose(sums);
    throw error;
  }
  return { terms: total, gradients: sums };
}
