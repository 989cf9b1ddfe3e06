import { encode } from '../../clara/encode.ts';
import { encoderBatch, encoderTensors } from '../../clara/encoder-batch.ts';
import {
  candidateScores,
  endToEndLoss,
  supervisedRetrievalLoss,
  type CandidateBatch,
} from '../../clara/end-to-end-loss.ts';
import { generatorBatch, generatorTensors } from '../../clara/generator-batch.ts';
import { differentiableTopK } from '../../clara/differentiable-top-k.ts';
import { batchMatMul, reshape } from '../../engine/kernels.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import type { Deviations } from '../deviation.ts';
import { compareLastLogits, compareVectors, goldenDocuments } from './compression-stages.ts';
import { takeNumbers, toTensor } from './differentiate.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import { ADAPTER_NAMES } from '../../clara/adapter-names.ts';
import type { GoldenModel } from './golden-model.ts';
import { adapterParameters, compareGradient, compareGradients, MEMORY_ROWS, namedGradients } from './gradients.ts';
import { encoderInputs, generatorInputs, questionConversation } from './inputs.ts';
import { compareLoss, euclideanLength, TOLERANCE } from './tolerances.ts';

/** Compares end-to-end training and the supervised retrieval loss, which have the same batch. */
export function compareEndToEnd(all: Deviations, golden: EndToEndGoldens, model: GoldenModel): void {
  const { batch, generation_top_k: k, temperature, results, if_mem_tokens_were_trainable: trainable } = golden.stage2;
  const { f64 } = results;
  const name = 'stage2';
  const documents = goldenDocuments(all, name, model, batch);
  const queries = encoderInputs(all, `${name}: questions, ids`, model, batch.questions, { ids: batch.query_input_ids, mask: batch.query_attention_mask }); // prettier-ignore
  const sequences = generatorInputs(all, name, model, batch.questions.map((question, i) => ({ messages: questionConversation(model, question, k), answer: batch.answers[i]! })), batch); // prettier-ignore
  const vectors = compareVectors(all, name, model, documents, f64);
  const questions = batch.questions.length;
  const candidates = batch.docs[0]!.length;
  const candidateBatch: CandidateBatch = {
    questions: encoderBatch(queries, model.special),
    vectors: reshape(vectors, [questions, candidates, model.special.memory * model.config.hiddenSize]),
    present: tf.ones([questions, candidates]),
  };
  const prompts = generatorBatch(sequences, model.special);
  const query = adapterParameters(ADAPTER_NAMES.queryReasoner, model.queryReasoner);
  const generator = adapterParameters(ADAPTER_NAMES.decoder, model.decoder);
  const memory = { name: MEMORY_ROWS, variable: model.memory };

  compareRanking(all, model, candidateBatch, golden);
  const chosen = tf.tidy(() => reshape(batchMatMul(toTensor(f64.topk_W), candidateBatch.vectors), [-1, model.config.hiddenSize])); // prettier-ignore
  compareLastLogits(all, name, model, prompts, sequences, chosen, f64);
  chosen.dispose();

  const indices: Tensor[] = [];
  const { loss, gradients } = namedGradients(() => {
    const step = endToEndLoss(model, candidateBatch, prompts, { k, temperature });
    indices.push(step.indices);
    return step.terms.loss;
  }, [...query, ...generator, memory]);
  all.same(`${name}: chosen candidates in the step (steps that differ)`, takeNumbers(indices[0]!), f64.topk_idx.flat());
  compareLoss(all, `${name}: cross-entropy`, loss, f64.loss_ce);
  compareGradient(all, `${name}: gradient`, gradients.get(MEMORY_ROWS)!, trainable.grads_ce);
  gradients.delete(MEMORY_ROWS);
  compareGradients(all, `${name}: gradient`, gradients, f64.grads_ce);

  const { pos_index, temperature: sharpness, loss_f64, topk_idx, grads_f64 } = golden.stage2_pretrain_retrieval;
  const gold = tf.tensor2d(pos_index.map((positives) => Array.from({ length: candidates }, (_, n) => Number(positives.includes(n))))); // prettier-ignore
  const supervised = namedGradients(
    () => supervisedRetrievalLoss(model, candidateBatch, gold, sharpness).loss,
    [...query, memory],
  );
  compareLoss(all, 'supervised retrieval: loss', supervised.loss, loss_f64);
  all.same('supervised retrieval: chosen candidates (that differ)', topk_idx, f64.topk_idx);
  // Golden folders may have the loss alone.
  const known = Object.keys(grads_f64);
  if (!known.includes(MEMORY_ROWS)) supervised.gradients.delete(MEMORY_ROWS);
  if (known.length > 0) compareGradients(all, 'supervised retrieval: gradient', supervised.gradients, grads_f64);
  tf.dispose([gold, vectors, candidateBatch.vectors, candidateBatch.present]);
  tf.dispose([...encoderTensors(documents), ...encoderTensors(candidateBatch.questions), ...generatorTensors(prompts)]);
}

/** Query vectors, scores, choice and weights. */
function compareRanking(all: Deviations, model: GoldenModel, batch: CandidateBatch, { stage2 }: EndToEndGoldens): void {
  const { generation_top_k: k, temperature, results } = stage2;
  const { query_embeddings: golden, scores, topk_W, topk_idx } = results.f64;
  const vectors = takeNumbers(tf.tidy(() => encode(model, batch.questions, { adapter: model.queryReasoner.blocks }).vectors)); // prettier-ignore
  const width = batch.vectors.shape[2]!;
  all.compare('stage2: query vectors', vectors, golden.values.flat(), TOLERANCE.vector);
  all.compare('stage2: query vectors, norms', golden.norms.map((_, i) => euclideanLength(vectors.slice(i * width, (i + 1) * width))), golden.norms, TOLERANCE.vector); // prettier-ignore
  const got = tf.tidy(() => candidateScores(model, batch));
  const { weights, indices } = differentiableTopK(got, { k, temperature });
  all.compare('stage2: scores', takeNumbers(got), scores.flat(), TOLERANCE.score);
  all.same('stage2: chosen candidates (that differ)', takeNumbers(indices), topk_idx.flat());
  all.compare('stage2: top-k weights', takeNumbers(weights), topk_W.flat(2), 1e-6);
}
