import { compressWorkload, instructionWorkload } from './clara-workloads.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { loraStep } from '../training/lora-step.ts';

/** Work that is timed; it does its work once a call and says how many units a second it did. */
export type Workload = () => Promise<number>;

/** As Workload, and what came of it, which must be the peer's too: losses, or answers. */
export type ComparedWorkload = () => Promise<{ rate: number; results: (number | string)[] }>;

/** Sizes of the peer's script (its defaults). */
const BATCH = 4;
const ROWS = 256;
const LOSS_LAST = 32;
const NEW_TOKENS = 32;

/** The workloads of the language model, by the name of their row. */
export const WORKLOADS: Readonly<Record<string, (model: LanguageModel) => Workload>> = {
  prefill: (model) => () => prefillRate(model),
  'decode-16': (model) => () => decodeRate(model, 16),
  'decode-1': (model) => () => decodeRate(model, 1),
  'lora-step': (model) => loraWorkload(model, false),
  'lora-step-recomputed': (model) => loraWorkload(model, true),
  'clara-compress': compressWorkload,
  'clara-step': (model) => instructionWorkload(model, false),
  'clara-step-recomputed': (model) => instructionWorkload(model, true),
};

/** Token ids that fill the model as text would; the speed does not depend on them. */
function prompts(model: LanguageModel, count: number, length: number): number[][] {
  const usable = model.config.vocabularySize - 100;
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length }, (_, i) => 100 + ((row * 7919 + i * 104_729) % usable)),
  );
}

/** Prompt tokens a second until each prompt's first new token is known. */
async function prefillRate(model: LanguageModel): Promise<number> {
  const results = await model.generate(prompts(model, BATCH, ROWS), { maxNewTokens: 1, batch: BATCH });
  return ROWS / (results[0]!.ms.prefill / 1000);
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
function loraWorkload(model: LanguageModel, checkpointed: boolean): Workload {
  const sequences = prompts(model, BATCH, ROWS).map((ids) => ({
    ids,
    targets: ids.map((_, i) => i >= ROWS - LOSS_LAST),
  }));
  const step = loraStep(model, sequences, checkpointed);
  return () => Promise.resolve((BATCH * ROWS) / (step.run() / 1000));
}
