import { differentiableAdd } from '../engine/add.ts';
import { differentiableBatchProduct } from '../engine/differentiable-batch-product.ts';
import { differentiableReshape } from '../engine/differentiable-reshape.ts';
import {
  addScalar,
  divide,
  maximum,
  multiply,
  oneHot,
  reshape,
  reshapeIntegers,
  scale,
  subtract,
  sum,
} from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { LossTerms } from '../training/trainable.ts';
import { passOptions, type StepOptions } from './compression-loss.ts';
import type { CompressionModel } from './compression-model.ts';
import { cosineScores } from './cosine-scores.ts';
import { differentiableTopK, type TopKOptions } from './differentiable-top-k.ts';
import { encode } from './encode.ts';
import type { EncoderBatch } from './encoder-batch.ts';
import type { GeneratorBatch } from './generator-batch.ts';
import { generatorLoss } from './generator-loss.ts';
import { retrievalLoss } from './retrieval-loss.ts';

/** Score of a candidate that is not there. */
const ABSENT = -1e9;

/** Questions with their candidates' vectors, which are constants: the compressor is frozen. */
export interface CandidateBatch {
  readonly questions: EncoderBatch;
  /** [questions, candidates, memory * hidden]: memory vectors end to end; zeros where there is no candidate, or no vector any more. */
  readonly vectors: Tensor;
  /** [questions, candidates]: 1 for candidates that are there, 0 for filling. */
  readonly present: Tensor;
  /** [questions, candidates]: 1 for gold passages, 0 for the others. */
  readonly gold: Tensor;
}

/** Scores of the candidates, [questions, candidates]; the query reasoner's adapter learns from their gradient. */
export function candidateScores(model: CompressionModel, batch: CandidateBatch, options: StepOptions = {}): Tensor {
  const { vectors } = encode(model, batch.questions, passOptions(options, 'queryReasoner', queryReasoner(model).blocks)); // prettier-ignore
  const [questions, , width] = batch.vectors.shape as [number, number, number];
  return cosineScores(differentiableReshape(vectors, [questions, width]), batch.vectors);
}

/**
 * End-to-end loss (clara.md 7): the question ranks the candidates' vectors, the differentiable top-k picks some, and the generator answers from them. One cross-entropy
 * trains generator and query reasoner, the latter through the straight-through weights.
 *
 * @returns terms `loss`, and what nothing is learnt from, to see whether the ranking learns: `scoreGap`, the mean score of the gold passages less that of the others, and `recall`, the share of the gold
 * passages that were chosen; and the chosen candidates, int32 [questions, k], best first
 */
export function endToEndLoss(
  model: CompressionModel,
  batch: CandidateBatch,
  prompts: GeneratorBatch,
  topK: TopKOptions,
  options: StepOptions = {},
): { terms: LossTerms; indices: Tensor } {
  const scores = candidateScores(model, batch, options);
  const { weights, indices } = differentiableTopK(withoutAbsent(scores, batch.present), topK);
  const chosen = differentiableBatchProduct(weights, batch.vectors); // [questions, k, memory * hidden]
  const vectors = differentiableReshape(chosen, [-1, model.config.hiddenSize]);
  const loss = generatorLoss(model, prompts, vectors, passOptions(options, 'generator', model.decoder.blocks));
  return { terms: { loss, ...rankingTerms(scores, indices, batch) }, indices };
}

/**
 * The supervised variant: the query reasoner learns from the gold passages, and the generator is not asked.
 */
export function supervisedRetrievalLoss(
  model: CompressionModel,
  batch: CandidateBatch,
  temperature: number,
  options: StepOptions = {},
): LossTerms {
  return { loss: retrievalLoss(candidateScores(model, batch, options), batch.gold, batch.present, temperature) };
}

/** How the gold passages stand among the candidates, over all questions of the batch; 0 where there are no gold passages or no others. */
function rankingTerms(scores: Tensor, indices: Tensor, { gold, present }: CandidateBatch): Omit<LossTerms, 'loss'> {
  const [questions, candidates] = scores.shape as [number, number];
  const ranks = indices.shape[1]!;
  const total = (x: Tensor): Tensor => reshape(sum(x, [0, 1]), []);
  const count = (x: Tensor): Tensor => maximum(total(x), tf.scalar(1));
  const mean = (of: Tensor): Tensor => divide(total(multiply(scores, of)), count(of));
  const picked = reshape(oneHot(reshapeIntegers(indices, [-1]), candidates), [questions, ranks, candidates]);
  const chosen = reshape(sum(picked, [1]), [questions, candidates]);
  return {
    scoreGap: subtract(mean(gold), mean(subtract(present, gold))),
    recall: divide(total(multiply(chosen, gold)), count(gold)),
  };
}

/** Scores with those of filling so low that no softmax sees them. */
function withoutAbsent(scores: Tensor, present: Tensor): Tensor {
  return differentiableAdd(scores, scale(addScalar(present, -1), -ABSENT));
}

function queryReasoner({ queryReasoner }: CompressionModel): NonNullable<CompressionModel['queryReasoner']> {
  if (!queryReasoner) throw new Error('the model has no query reasoner yet');
  return queryReasoner;
}
