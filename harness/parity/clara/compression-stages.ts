import { encode } from '../../clara/encode.ts';
import { encoderBatch, encoderTensors, type EncoderBatch, type EncoderDocument } from '../../clara/encoder-batch.ts';
import { generatorBatch, generatorTensors, type GeneratorBatch } from '../../clara/generator-batch.ts';
import { embedRows } from '../../clara/input-rows.ts';
import { gatherRows } from '../../engine/kernels.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import { decode, finalNorm } from '../../language-model/decoder.ts';
import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import { compressionTrainable } from '../../clara/stages/compression-trainable.ts';
import type { Deviations } from '../deviation.ts';
import type { EndToEndGoldens, GoldenGradient } from './end-to-end-schema.ts';
import { compressionVariables } from '../../clara/create-compression-model.ts';
import type { GoldenModel } from './golden-model.ts';
import { compareGradients, step, WAYS, type Step } from './gradients.ts';
import {
  encoderInputs,
  generatorInputs,
  pretrainingConversations,
  promptMaxLength,
  questionConversation,
} from './inputs.ts';
import { allLogits } from './plain-forward.ts';
import { compareLoss, euclideanLength, TOLERANCE } from './tolerances.ts';

/** Compares compression pretraining. */
export function comparePretraining(all: Deviations, golden: EndToEndGoldens, model: GoldenModel): void {
  const { clara, stage1 } = golden;
  const conversations = pretrainingConversations(model, stage1.batch);
  const prompts = generatorInputs(all, 'stage1', model, conversations, stage1.batch, promptMaxLength(golden));
  compareStage(all, 'stage1', model, stage1, prompts, clara.mse_weight);
}

/** Compares instruction tuning. */
export function compareInstruction(all: Deviations, golden: EndToEndGoldens, model: GoldenModel): void {
  const { clara, stage1_2 } = golden;
  const { questions, answers, docs } = stage1_2.batch;
  const conversations = questions.map((question, i) => ({
    messages: questionConversation(model, question, docs[i]!.length),
    answer: answers[i]!,
  }));
  const prompts = generatorInputs(all, 'stage1_2', model, conversations, stage1_2.batch, promptMaxLength(golden));
  compareStage(all, 'stage1_2', model, stage1_2, prompts, clara.mse_weight);
}

type Stage = Pick<EndToEndGoldens['stage1_2'], 'results'> & {
  readonly batch: Pick<EndToEndGoldens['stage1_2']['batch'], 'enc_input_ids' | 'enc_attention_mask' | 'docs'>;
  readonly if_mem_tokens_were_trainable?: EndToEndGoldens['stage1_2']['if_mem_tokens_were_trainable'];
};

function compareStage(
  all: Deviations,
  name: string,
  model: GoldenModel,
  { batch, results: { f64 }, if_mem_tokens_were_trainable: memoryGradients }: Stage,
  sequences: readonly TargetedSequence[],
  weight: number,
): void {
  const inputs = goldenDocuments(all, name, model, batch);
  const documents = encoderBatch(inputs, model.special);
  const prompts = generatorBatch(sequences, model.special);
  const vectors = compareVectors(all, name, model, documents, f64);
  compareLastLogits(all, name, model, prompts, sequences, vectors, f64);
  tf.dispose([vectors, ...encoderTensors(documents), ...generatorTensors(prompts)]);

  const each = inputs.length / sequences.length;
  const items = sequences.map((prompt, i) => ({ documents: inputs.slice(i * each, (i + 1) * each), prompt }));
  const { encoder, decoder, memory } = compressionVariables(model);
  const variables = [...encoder, ...decoder, memory];
  const compare = (
    what: string,
    got: Step,
    loss: number,
    golden: Record<string, GoldenGradient>,
    trainable?: GoldenGradient,
  ): void => {
    compareLoss(all, `${name}: ${what}`, got.loss, loss);
    compareGradients(all, `${name}: gradient of ${what}`, got, golden, trainable);
  };
  for (const { way, options } of WAYS) {
    const run = (alignment: number): Step => step(compressionTrainable(model, variables, { weight: alignment, form: 'mean' }, options), items); // prettier-ignore
    compare(`total loss, ${way}`, run(weight), f64.loss_total, f64.grads_total, memoryGradients?.grads_total);
    if (options.checkpointed) compare('cross-entropy alone', run(0), f64.loss_ce, f64.grads_ce, memoryGradients?.grads_ce); // prettier-ignore
  }
}

/** The documents of a batch, their ids compared. */
export function goldenDocuments(
  all: Deviations,
  name: string,
  model: GoldenModel,
  batch: Stage['batch'],
): EncoderDocument[] {
  const golden = { ids: batch.enc_input_ids, mask: batch.enc_attention_mask };
  return encoderInputs(all, `${name}: documents, ids`, model, batch.docs.flat(), golden);
}

/** Compares the documents' vectors and the alignment loss. @returns the vectors [documents * memory, hidden], which the caller frees */
export function compareVectors(
  all: Deviations,
  name: string,
  model: GoldenModel,
  documents: EncoderBatch,
  golden: Pick<EndToEndGoldens['stage2']['results']['f64'], 'memory_embeddings' | 'mse_loss'>,
): Tensor {
  const [vectors, alignment] = tf.tidy(() => {
    const encoded = encode(model, documents, { adapter: model.encoder.blocks }, 'mean');
    return [encoded.vectors, encoded.alignment!];
  });
  const values = [...vectors.dataSync()];
  const { norms, values: expected } = golden.memory_embeddings;
  const size = model.config.hiddenSize;
  const gotNorms = norms.flat().map((_, i) => euclideanLength(values.slice(i * size, (i + 1) * size)));
  all.compare(`${name}: memory vectors`, values, expected.flat(2), TOLERANCE.vector);
  all.compare(`${name}: memory vectors, norms`, gotNorms, norms.flat(), TOLERANCE.vector);
  compareLoss(all, `${name}: alignment loss`, alignment.dataSync()[0]!, golden.mse_loss);
  alignment.dispose();
  return vectors;
}

/** Compares the logits behind each prompt's last token. */
export function compareLastLogits(
  all: Deviations,
  name: string,
  model: GoldenModel,
  { rows }: GeneratorBatch,
  sequences: readonly TargetedSequence[],
  vectors: Tensor,
  golden: Pick<
    EndToEndGoldens['stage2']['results']['f64'],
    'logits_last_position_first16' | 'logits_last_position_norm'
  >,
): void {
  const logits = tf.tidy(() => {
    const last = rows.layout.starts.map((start, i) => start + sequences[i]!.ids.length - 1);
    const hidden = decode(model.config, model.weights, embedRows(model, rows, vectors), rows.layout.shape, {
      adapter: model.decoder.blocks,
    });
    return allLogits(model, finalNorm(model.config, model.weights, gatherRows(hidden, tf.tensor1d(last, 'int32'))));
  });
  const values = [...logits.dataSync()];
  const vocabulary = logits.shape[1]!;
  logits.dispose();
  sequences.forEach((_, i) => {
    const row = values.slice(i * vocabulary, (i + 1) * vocabulary);
    all.compare(`${name}: logits of the last position`, row.slice(0, 16), golden.logits_last_position_first16[i]!, TOLERANCE.vector); // prettier-ignore
    all.compare(`${name}: logits of the last position, norms, relative`, euclideanLength(row) / golden.logits_last_position_norm[i]!, 1, TOLERANCE.vector); // prettier-ignore
  });
}
