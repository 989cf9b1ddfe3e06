import { tf } from '../../harness/engine/tensorflow.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import type { TargetedSequence } from '../../harness/language-model/language-model-loss.ts';
import type { LoraAdapter } from '../../harness/language-model/lora.ts';
import {
  likelihoodBatch,
  likelihoodTensors,
  sequenceLikelihoods,
} from '../../harness/language-model/sequence-likelihoods.ts';
import { tokenGroups } from './token-groups.ts';

/** Log-likelihood of each sequence's targets under the model, or under an adapter of it. */
export function questionLikelihoods(
  { config, weights }: Pick<LanguageModel, 'config' | 'weights'>,
  sequences: readonly TargetedSequence[],
  adapter?: LoraAdapter,
): number[] {
  const scores = new Array<number>(sequences.length).fill(0);
  for (const group of tokenGroups(sequences.map(({ ids }) => ids.length))) {
    const batch = likelihoodBatch(group.map((place) => sequences[place]!));
    const values = tf.tidy(() => sequenceLikelihoods(config, weights, batch, { adapter: adapter?.blocks }).dataSync());
    tf.dispose(likelihoodTensors(batch));
    group.forEach((place, at) => (scores[place] = values[at]!));
  }
  return scores;
}
