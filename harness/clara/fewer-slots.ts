import type { TargetedSequence } from '../language-model/language-model-loss.ts';
import type { SpecialTokens } from './special-tokens.ts';

/**
 * A prompt in which each document has fewer slots: the first of them. The same as rendering and encoding it anew, which for several ratios takes as many times as long.
 *
 * @param counts slots that are left to each document, in the order of the prompt
 */
export function fewerSlots(
  { ids, targets }: TargetedSequence,
  { first, memory, separator }: Pick<SpecialTokens, 'first' | 'memory' | 'separator'>,
  counts: readonly number[],
): TargetedSequence {
  let document = 0;
  const left = ids.flatMap((id, at) => {
    if (id === separator) document++;
    const slot = id - first;
    return slot >= 0 && slot < memory && slot >= counts[document]! ? [] : [at];
  });
  return { ids: left.map((at) => ids[at]!), targets: left.map((at) => targets[at]!) };
}
