import { performance } from 'node:perf_hooks';
import { GraphCache } from '../engine/graph-cache.ts';
import { tf } from '../engine/tensorflow.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { targetedBatch, type TargetedSequence } from '../language-model/language-model-loss.ts';
import { createLoraAdapter, disposeLoraAdapter } from '../language-model/lora.ts';
import { AdamW } from './adamw.ts';
import { adapterGradients } from './adapter-gradients.ts';
import { normalNumbers } from './normal-numbers.ts';

const RANK = 16;

/** A training step that is done again and again, to measure its speed. */
export interface LoraStep {
  /** One step; milliseconds. */
  run(): number;
  dispose(): void;
}

/** Steps of a LoRA on all linear layers with one batch: loss, gradients, AdamW. */
export function loraStep(
  { config, weights }: LanguageModel,
  sequences: readonly TargetedSequence[],
  checkpointed: boolean,
): LoraStep {
  const random = normalNumbers(0);
  const adapter = createLoraAdapter(config, { rank: RANK, alpha: 2 * RANK }, (name, [rows, columns]) =>
    Float32Array.from({ length: rows * columns }, () => (name.includes('lora_A') ? random() / Math.sqrt(columns) : 0)),
  );
  const optimiser = new AdamW(adapter.matrices.map(({ variable }) => variable));
  const batch = targetedBatch(sequences);
  const graphs = new GraphCache();
  return {
    run: () => {
      const started = performance.now();
      const { loss, gradients } = adapterGradients(config, weights, adapter, batch, { checkpointed, graphs });
      optimiser.step(gradients, 1e-4);
      loss.dataSync();
      tf.dispose([loss, ...gradients]);
      return performance.now() - started;
    },
    dispose: () => {
      graphs.dispose();
      optimiser.dispose();
      disposeLoraAdapter(adapter);
      tf.dispose([batch.ids, batch.predicting, batch.labels]);
    },
  };
}
