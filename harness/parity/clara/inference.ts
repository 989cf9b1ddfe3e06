import { cosineScores } from '../../clara/cosine-scores.ts';
import { TextCompressor } from '../../clara/document-compressor.ts';
import type { EncoderDocument } from '../../clara/encoder-batch.ts';
import { growWeights } from '../../clara/grown-weights.ts';
import { tf } from '../../engine/tensorflow.ts';
import { generate, type Generator } from '../../language-model/generate.ts';
import type { Generation, Overlay } from '../../language-model/language-model.ts';
import type { LoraAdapter } from '../../language-model/lora.ts';
import { disposeMerged, mergeAdapter } from '../../language-model/merge-adapter.ts';
import { disposeSteps } from '../../language-model/stepper.ts';
import type { Deviations } from '../deviation.ts';
import { takeNumbers } from './differentiate.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import type { GoldenModel } from './golden-model.ts';
import { encoderInputs, promptInputs, questionConversation } from './inputs.ts';
import { TOLERANCE } from './tolerances.ts';

/** Compares greedy answers: over all documents after instruction tuning, and over the best of them after end-to-end training. */
export function compareInference(all: Deviations, golden: EndToEndGoldens, model: GoldenModel): void {
  const { stage1_2, stage2 } = golden;
  const { batch } = stage2;
  const each = batch.docs[0]!.length;
  const name = 'stage2, answering';
  const documents = encoderInputs(all, `${name}: documents, ids`, model, batch.docs.flat(), { ids: batch.enc_input_ids, mask: batch.enc_attention_mask }); // prettier-ignore
  const vectors = compress(model, model.encoder, documents);
  all.compare(`${name}: memory vectors`, vectors.flat(), stage2.results.f64.memory_embeddings.values.flat(2), TOLERANCE.vector); // prettier-ignore
  const ofQuestion = (i: number): number[][] => vectors.slice(i * each, (i + 1) * each);

  const asked = stage2.inference_generate_from_questions_f64;
  const questions = encoderInputs(all, `${name}: questions, ids`, model, batch.questions, { ids: asked.query_input_ids, mask: asked.query_attention_mask }); // prettier-ignore
  const queries = compress(model, model.queryReasoner, questions);
  const chosen = queries.map((query, i) => {
    const scores = cosines(query, ofQuestion(i));
    all.compare(`${name}: scores`, scores, asked.scores[i]!, TOLERANCE.score);
    const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, stage2.generation_top_k);
    all.same(`${name}: chosen candidates (questions that differ)`, best, asked.topk_idx[i]);
    return best.map((n) => ofQuestion(i)[n]!);
  });
  const answers = compareAnswers(all, name, model, batch.questions, chosen, asked);
  all.same(`${name}: texts (that differ)`, answers.map(({ text }) => text), asked.decoded_text); // prettier-ignore

  const tuned = stage1_2.greedy_generation_f64;
  // The documents are those of the end-to-end stage in golden folders so far, but need not be.
  const { docs, enc_input_ids: ids, enc_attention_mask: mask } = stage1_2.batch;
  const others = compress(model, model.encoder, encoderInputs(all, 'stage1_2, answering: documents, ids', model, docs.flat(), { ids, mask })); // prettier-ignore
  const slots = docs.map((texts, i) => others.slice(i * texts.length, (i + 1) * texts.length));
  compareAnswers(all, 'stage1_2, answering', model, stage1_2.batch.questions, slots, tuned);
}

/** Memory vectors of each text, end to end. */
function compress(model: GoldenModel, adapter: LoraAdapter, texts: readonly EncoderDocument[]): number[][] {
  const compressor = new TextCompressor(model, adapter);
  try {
    const vectors = new Array<number[]>(texts.length);
    for (const { at, vectors: values } of compressor.compress(texts)) vectors[at] = [...values];
    return vectors;
  } finally {
    compressor.dispose();
  }
}

function cosines(query: readonly number[], documents: readonly number[][]): number[] {
  return takeNumbers(tf.tidy(() => cosineScores(tf.tensor2d([[...query]]), tf.tensor3d([[...documents]]))));
}

/** Continues prompts whose memory tokens stand for vectors; ids of the golden answers end at an end token, and padding follows. */
function compareAnswers(
  all: Deviations,
  name: string,
  model: GoldenModel,
  questions: readonly string[],
  slots: readonly (readonly number[][])[],
  golden: Parameters<typeof promptInputs>[4] & { readonly new_token_ids: readonly number[][] },
): Generation[] {
  const conversations = questions.map((question, i) => questionConversation(model, question, slots[i]!.length));
  const prompts = promptInputs(all, name, model, conversations, golden);
  const { special, config, tokenizer } = model;
  const merged = mergeAdapter(model.weights, model.decoder.blocks);
  const grown = growWeights(merged, model);
  const generator: Generator = {
    config,
    weights: grown.weights,
    endIds: tokenizer.endIds,
    decodeIds: (ids) => tokenizer.decode(ids),
  };
  const overlays = prompts.map((ids, i): Overlay => {
    const positions = ids.flatMap((id, at) => (id >= special.first && id < special.first + special.memory ? [at] : []));
    return { positions, vectors: tf.tensor2d(slots[i]!.flat(), [positions.length, config.hiddenSize]) };
  });
  try {
    const maxNewTokens = Math.max(...golden.new_token_ids.map(({ length }) => length));
    const answers = generate(generator, prompts, { maxNewTokens, overlays });
    answers.forEach(({ ids }, i) => {
      const expected = golden.new_token_ids[i]!;
      const end = expected.findIndex((id) => tokenizer.endIds.includes(id));
      all.same(`${name}: greedy ids (answers that differ)`, ids, end < 0 ? expected : expected.slice(0, end + 1));
    });
    return answers;
  } finally {
    for (const { vectors } of overlays) vectors.dispose();
    disposeSteps(generator);
    grown.dispose();
    disposeMerged(merged, model.decoder.blocks);
  }
}
