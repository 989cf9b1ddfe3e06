import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DecoderWeights } from '../harness/language-model/decoder-weights.ts';
import type { Generator } from '../harness/language-model/generate.ts';
import type { LanguageModel } from '../harness/language-model/language-model.ts';
import type { LoraSettings } from '../harness/language-model/lora.ts';
import type { Answerer } from './answer-with-text.ts';
import { TEXT_ADAPTER } from './text-trainers.ts';

/** Weights that a training left, on the engine. */
interface Loaded {
  readonly weights: DecoderWeights;
  readonly dispose: () => void;
}

/** What answered last: a job asks block after block. */
let last: { readonly key: string; readonly model: LanguageModel; answerer: Answerer; dispose: () => void } | undefined;

/**
 * The backbone with the weights that a finished training left in a folder: a LoRA folded into it, or all of its weights. Loaded once and kept until another is asked for.
 *
 * @param lora the adapter's settings; null where the folder holds all weights
 * @throws InputError where the weights are missing or of another model
 */
export async function trainedAnswerer(
  folder: string,
  model: LanguageModel,
  lora: LoraSettings | null,
): Promise<Answerer> {
  const file = path.join(folder, 'weights.safetensors');
  const { size, mtimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0 }));
  const key = JSON.stringify([file, size, mtimeMs]);
  if (last?.key === key && last.model === model) return last.answerer;
  last?.dispose();
  last = undefined;
  const { generate } = await import('../harness/language-model/generate.ts');
  const { disposeSteps } = await import('../harness/language-model/stepper.ts');
  const { weights, dispose } = lora ? await mergedLora(file, model, lora) : await wholeWeights(file, model);
  const { config, tokenizer } = model;
  const generator: Generator = {
    config,
    weights,
    endIds: tokenizer.endIds,
    decodeIds: (ids) => tokenizer.decode(ids),
  };
  last = {
    key,
    model,
    answerer: { generate: (prompts, options) => Promise.resolve(generate(generator, prompts, options)) },
    dispose: () => {
      disposeSteps(generator);
      dispose();
    },
  };
  return last.answerer;
}

async function mergedLora(file: string, { config, weights }: LanguageModel, settings: LoraSettings): Promise<Loaded> {
  const { createLoraAdapter, disposeLoraAdapter } = await import('../harness/language-model/lora.ts');
  const { disposeMerged, mergeAdapter } = await import('../harness/language-model/merge-adapter.ts');
  const { loadVariables } = await import('../harness/training/load-variables.ts');
  const adapter = createLoraAdapter(config, settings, (_, [rows, columns]) => new Float32Array(rows * columns));
  try {
    await loadVariables(
      file,
      adapter.matrices.map((matrix) => ({ ...matrix, name: `${TEXT_ADAPTER}.${matrix.name}` })),
    );
    const merged = mergeAdapter(weights, adapter.blocks);
    return { weights: merged, dispose: () => disposeMerged(merged, adapter.blocks) };
  } finally {
    disposeLoraAdapter(adapter);
  }
}

async function wholeWeights(file: string, { config }: LanguageModel): Promise<Loaded> {
  const { disposeDecoderWeights, loadDecoderWeights } = await import('../harness/language-model/decoder-weights.ts');
  const { openSafetensors } = await import('../harness/language-model/weights/safetensors.ts');
  const source = await openSafetensors([file]);
  try {
    const weights = await loadDecoderWeights(config, source);
    return { weights, dispose: () => disposeDecoderWeights(weights) };
  } finally {
    await source.close();
  }
}
