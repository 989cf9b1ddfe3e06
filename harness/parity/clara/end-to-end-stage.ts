import { compressionVariables } from '../../clara/create-compression-model.ts';
import { differentiableTopK } from '../../clara/differentiable-top-k.ts';
import { encode } from '../../clara/encode.ts';
import { encoderBatch, encoderTensors } from '../../clara/encoder-batch.ts';
import { candidateScores, type CandidateBatch } from '../../clara/end-to-end-loss.ts';
import { generatorBatch, generatorTensors } from '../../clara/generator-batch.ts';
import { endToEndTrainable, type EndToEndItem } from '../../clara/stages/end-to-end-trainable.ts';
import { batchMatMul, reshape } from '../../engine/kernels.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import type { Deviations } from '../deviation.ts';
import { compareLastLogits, compareVectors, goldenDocuments } from './compression-stages.ts';
import { takeNumbers, toTensor } from './differentiate.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import type { GoldenModel } from './golden-model.ts';
import { compareGradients, step, WAYS } from './gradients.ts';
import { encoderInputs, generatorInputs, promptMaxLength, questionConversation } from './inputs.ts';
import { compareLoss, euclideanLength, TOLERANCE } from './tolerances.ts';

/** Compares end-to-end training and the supervised retrieval loss, which have the same batch. */
export function compareEndToEnd(all: Deviations, golden: EndToEndGoldens, model: GoldenModel): void {
  const { batch, generation_top_k: k, temperature, results, if_mem_tokens_were_trainable: trainable } = golden.stage2;
  const { f64 } = results;
  const supervised = golden.stage2_pretrain_retrieval;
  const inputs = goldenDocuments(all, 'stage2', model, batch);
  const queries = { ids: batch.query_input_ids, mask: batch.query_attention_mask };
  const questions = encoderInputs(all, 'stage2: questions, ids', model, batch.questions, queries);
  const conversations = batch.questions.map((question, i) => ({
    messages: questionConversation(model, question, k),
    answer: batch.answers[i]!,
  }));
  const prompts = generatorInputs(all, 'stage2', model, conversations, batch, promptMaxLength(golden));

  const documents = encoderBatch(inputs, model.special);
  const vectors = compareVectors(all, 'stage2', model, documents, f64);
  tf.dispose(encoderTensors(documents));
  const width = model.special.memory * model.config.hiddenSize;
  const values = vectors.dataSync() as Float32Array;
  const candidates = inputs.length / questions.length;
  const items = questions.map((question, i): EndToEndItem => ({
    question,
    candidates: Array.from({ length: candidates }, (_, n) => values.slice((i * candidates + n) * width, (i * candidates + n + 1) * width)), // prettier-ignore
    gold: supervised.pos_index[i]!,
    prompt: prompts[i]!,
  }));
  const shape = [questions.length, candidates];
  const ranked: CandidateBatch = {
    questions: encoderBatch(questions, model.special),
    vectors: reshape(vectors, [...shape, width]),
    present: tf.ones(shape),
    gold: tf.zeros(shape),
  };
  compareRanking(all, model, ranked, golden);
  compareChosenLogits(all, model, ranked.vectors, prompts, golden);
  tf.dispose([vectors, ranked.vectors, ranked.present, ranked.gold, ...encoderTensors(ranked.questions)]);

  const { decoder, queryReasoner, memory } = compressionVariables(model);
  for (const { way, options } of WAYS) {
    const variables = [...decoder, ...queryReasoner, memory];
    const answers = step(endToEndTrainable(model, variables, { from: 'answers', topK: { k, temperature } }, options), items); // prettier-ignore
    compareLoss(all, `stage2: cross-entropy, ${way}`, answers.loss, f64.loss_ce);
    compareGradients(all, `stage2: gradient, ${way}`, answers, f64.grads_ce, trainable.grads_ce);
    const gold = step(endToEndTrainable(model, [...queryReasoner, memory], { from: 'gold', temperature: supervised.temperature }, options), items); // prettier-ignore
    compareLoss(all, `supervised retrieval: loss, ${way}`, gold.loss, supervised.loss_f64);
    // Golden folders may have the loss alone.
    if (Object.keys(supervised.grads_f64).length > 0) compareGradients(all, `supervised retrieval: gradient, ${way}`, gold, supervised.grads_f64); // prettier-ignore
  }
}

/** Query vectors, scores, choice and weights. */
function compareRanking(all: Deviations, model: GoldenModel, batch: CandidateBatch, golden: EndToEndGoldens): void {
  const { generation_top_k: k, temperature, results } = golden.stage2;
  const { query_embeddings, scores, topk_W, topk_idx } = results.f64;
  const { values, norms } = query_embeddings;
  const vectors = takeNumbers(tf.tidy(() => encode(model, batch.questions, { adapter: model.queryReasoner.blocks }).vectors)); // prettier-ignore
  const width = batch.vectors.shape[2]!;
  all.compare('stage2: query vectors', vectors, values.flat(), TOLERANCE.vector);
  all.compare('stage2: query vectors, norms', norms.map((_, i) => euclideanLength(vectors.slice(i * width, (i + 1) * width))), norms, TOLERANCE.vector); // prettier-ignore
  const got = tf.tidy(() => candidateScores(model, batch));
  const { weights, indices } = differentiableTopK(got, { k, temperature });
  all.compare('stage2: scores', takeNumbers(got), scores.flat(), TOLERANCE.score);
  const chosen = takeNumbers(indices);
  all.same('stage2: chosen candidates (that differ)', chosen, topk_idx.flat());
  all.same('supervised retrieval: chosen candidates (that differ)', chosen, golden.stage2_pretrain_retrieval.topk_idx.flat()); // prettier-ignore
  all.compare('stage2: top-k weights', takeNumbers(weights), topk_W.flat(2), 1e-6);
}

/** Logits behind the prompts, from the vectors that the golden weights choose. */
function compareChosenLogits(
  all: Deviations,
  model: GoldenModel,
  vectors: Tensor,
  sequences: readonly TargetedSequence[],
  { stage2 }: EndToEndGoldens,
): void {
  const { f64 } = stage2.results;
  const prompts = generatorBatch(sequences, model.special);
  const chosen = tf.tidy(() => reshape(batchMatMul(toTensor(f64.topk_W), vectors), [-1, model.config.hiddenSize]));
  compareLastLogits(all, 'stage2', model, prompts, sequences, chosen, f64);
  tf.dispose([chosen, ...generatorTensors(prompts)]);
}
