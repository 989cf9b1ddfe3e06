import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { headCrossEntropy } from '../engine/cross-entropy.ts';
import { argMaxRows, gatherRows, matMul } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import { decode, finalNorm } from '../language-model/decoder.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import { targetedBatch, type TargetedBatch, type TargetedSequence } from '../language-model/language-model-loss.ts';
import type { ModelConfig } from '../language-model/model-config.ts';
import type { ModelFiles } from '../language-model/model-files.ts';
import { questionMessages, documentText } from '../prompt.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import { drawContext } from './sequences.ts';

/** What turns conversations into tokens. */
type Reader = Pick<ModelFiles, 'tokenizer' | 'renderChat'>;

/** What is measured: exact match with 1 and 4 passages, and with 2 and 4 that all state the asked attribute (where the attribute alone gives 1/2 and 1/4). */
const SETS = {
  em1: { documents: 1, same: false },
  em4: { documents: 4, same: false },
  em2same: { documents: 2, same: true },
  em4same: { documents: 4, same: true },
} as const;

/** Questions about unseen entities, by set: the prompt's tokens, and those of the answer as targets. */
export type BindingSets = Readonly<Record<keyof typeof SETS, readonly TargetedSequence[]>>;

/** Draws the sets: one question a context, asked as systems ask it, on entities of the dev split. */
export function bindingSets({ tokenizer, renderChat }: Reader, contexts: number, seed: number): BindingSets {
  const draw = (options: { documents: number; same: boolean }, place: number): TargetedSequence => {
    const random = xoroshiro128plus(deriveSeed(seed, options.documents, Number(options.same), place));
    const { documents, pairs } = drawContext(random, 'dev', { ...options, names: 0.25, facts: 4, questions: 1 });
    const { question, answer } = pairs[0]!;
    const messages = questionMessages(question, documents.map(documentText));
    const prompt = tokenizer.encode(renderChat(messages, { addGenerationPrompt: true }));
    const ids = tokenizer.encode(renderChat([...messages, { role: 'assistant', content: answer }]));
    return { ids, targets: ids.map((_, at) => at >= prompt.length) };
  };
  const entries = Object.entries(SETS).map(([name, options]) => [name, Array.from({ length: contexts }, (_, place) => draw(options, place))]); // prettier-ignore
  return Object.fromEntries(entries) as BindingSets;
}

/**
 * Exact match of greedy answers, by set, and `loss`: the cross-entropy of the answers among 4 passages that all state the attribute. An answer is right where each of its tokens and the end are
 * the likeliest after those before, which is when greedy decoding gives it.
 */
export function evaluateBinding(
  config: ModelConfig,
  weights: DecoderWeights,
  sets: BindingSets,
): Record<string, number> & { loss: number } {
  const terms: Record<string, number> & { loss: number } = { loss: NaN };
  for (const [name, sequences] of Object.entries(sets)) {
    const batch = targetedBatch(sequences);
    const { exact, loss } = tf.tidy(() => exactMatch(config, weights, batch));
    tf.dispose([batch.ids, batch.predicting, batch.labels]);
    terms[name] = exact;
    if (name === 'em4same') terms.loss = loss;
  }
  return terms;
}

function exactMatch(
  config: ModelConfig,
  weights: DecoderWeights,
  { ids, predicting, labels, shape }: TargetedBatch,
): { exact: number; loss: number } {
  const hidden = decode(config, weights, gatherRows(weights.embedding, ids), shape);
  const wanted = finalNorm(config, weights, gatherRows(hidden, predicting));
  const likeliest = argMaxRows(matMul(wanted, weights.head, false, true)).dataSync();
  const expected = labels.dataSync();
  const wrong = new Set<number>();
  [...predicting.dataSync()].forEach((place, i) => {
    if (likeliest[i] !== expected[i]) wrong.add(Math.floor(place / shape.rows));
  });
  const loss = headCrossEntropy(wanted, weights.head, labels).dataSync()[0]!;
  return { exact: 1 - wrong.size / shape.batch, loss };
}
