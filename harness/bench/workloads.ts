import { performance } from 'node:perf_hooks';
import { valueAndGradients } from '../engine/differentiable.ts';
import { embed } from '../engine/embed.ts';
import { gatherRows, matMul } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import { decode, finalNorm } from '../language-model/decoder.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { languageModelLoss } from '../language-model/language-model-loss.ts';
import { createLoraAdapter } from '../language-model/lora.ts';
import { normalNumbers } from '../training/normal-numbers.ts';
import { AdamW } from '../training/adamw.ts';

/** Work that is timed; it does its work once a call and says how many units a second it did. */
export type Workload = () => Promise<number>;

/** Sizes of the peer's script (its defaults). */
const BATCH = 4;
const ROWS = 256;
const LOSS_LAST = 32;
const NEW_TOKENS = 32;
const RANK = 16;

/** The workloads of the language model, by the name of their row. */
export const WORKLOADS: Readonly<Record<string, (model: LanguageModel) => Workload>> = {
  prefill: (model) => () => timed(BATCH * ROWS, () => prefill(model)),
  'decode-16': (model) => () => decodeRate(model, 16),
  'decode-1': (model) => () => decodeRate(model, 1),
  'lora-step': (model) => loraStep(model, false),
  'lora-step-recomputed': (model) => loraStep(model, true),
};

/** Token ids that fill the model as text would; the speed does not depend on them. */
function prompts(model: LanguageModel, count: number, length: number): number[][] {
  const usable = model.config.vocabularySize - 100;
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length }, (_, i) => 100 + ((row * 7919 + i * 104_729) % usable)),
  );
}

async function timed(units: number, work: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return units / ((performance.now() - started) / 1000);
}

/** Logits of the last position of each prompt. */
function prefill({ config, weights, ...model }: LanguageModel): void {
  const ids = prompts({ config, weights, ...model }, BATCH, ROWS).flat();
  tf.tidy(() => {
    const hidden = decode(config, weights, embed(weights.embedding, ids), { batch: BATCH, rows: ROWS });
    const last = gatherRows(hidden, tf.tensor1d(Array.from({ length: BATCH }, (_, i) => (i + 1) * ROWS - 1), 'int32')); // prettier-ignore
    matMul(finalNorm(config, weights, last), weights.head, false, true).dataSync();
  });
}

/** New tokens a second after the prompts are read, as the peer counts them: the first new token belongs to the prefill. */
async function decodeRate(model: LanguageModel, count: number): Promise<number> {
  const results = await model.generate(prompts(model, count, ROWS), {
    maxNewTokens: NEW_TOKENS,
    batch: count,
    endIds: [],
  });
  return (NEW_TOKENS - 1) / (results[0]!.ms.decode / 1000);
}

/** One step of a LoRA on all linear layers: loss on the last positions, gradients, AdamW. */
function loraStep({ config, weights, ...model }: LanguageModel, checkpointed: boolean): Workload {
  const random = normalNumbers(0);
  const adapter = createLoraAdapter(config, { rank: RANK, alpha: 2 * RANK }, (name, [rows, columns]) =>
    Float32Array.from({ length: rows * columns }, () => (name.includes('lora_A') ? random() / Math.sqrt(columns) : 0)),
  );
  const variables = adapter.matrices.map(({ variable }) => variable);
  const optimiser = new AdamW(variables);
  const sequences = prompts({ config, weights, ...model }, BATCH, ROWS).map((ids) => ({
    ids,
    targets: ids.map((_, i) => i >= ROWS - LOSS_LAST),
  }));
  return () =>
    timed(BATCH * ROWS, () => {
      const { value, gradients } = valueAndGradients(
        () => languageModelLoss(config, weights, sequences, { adapter: adapter.blocks, checkpointed }),
        variables,
      );
      optimiser.step(gradients, 1e-4);
      value.dataSync();
      tf.dispose([value, ...gradients]);
    });
}
