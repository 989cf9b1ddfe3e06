import { tf } from '../../../harness/engine/tensorflow.ts';
import type { GraphCache } from '../../../harness/engine/graph-cache.ts';
import {
  languageModelLoss,
  targetedBatch,
  type TargetedBatch,
} from '../../../harness/language-model/language-model-loss.ts';
import { disposeDecoderWeights, loadDecoderWeights } from '../../../harness/language-model/decoder-weights.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import { createLoraAdapter, disposeLoraAdapter } from '../../../harness/language-model/lora.ts';
import { loraInitialisation } from '../../../harness/language-model/lora-initialisation.ts';
import { adapterGradients } from '../../../harness/training/adapter-gradients.ts';
import { deriveSeed } from '../../../harness/training/derive-seed.ts';
import type { Trainable } from '../../../harness/training/trainable.ts';
import { tinyModels, writeTinyModel } from '../language-model/write-tiny-model.ts';

/** Token ids, all learnt but the first. */
export type TinyItem = readonly number[];

/** Items of 5 to 12 tokens that repeat themselves, so that there is something to learn. */
export function tinyItems(count: number): TinyItem[] {
  return Array.from({ length: count }, (_, i) => {
    const from = 3 + ((i * 7) % 40);
    return Array.from({ length: 5 + ((i * 5) % 8) }, (_, at) => from + (at % 3));
  });
}

/** A LoRA over a tiny decoder. In place of dropout the seed of a micro-batch decides which of its tokens are left out of the loss. */
export async function tinyTrainable(folder: string, graphs?: GraphCache): Promise<Trainable<TinyItem>> {
  await writeTinyModel(folder, tinyModels['llama']!);
  const files = await openModelFiles(folder);
  const { config } = files;
  const weights = await loadDecoderWeights(config, files.weights);
  await files.weights.close();
  const adapter = createLoraAdapter(config, { rank: 4, alpha: 8 }, loraInitialisation(1));
  const using = <T>(
    items: readonly TinyItem[],
    learnt: (i: number, at: number) => boolean,
    use: (batch: TargetedBatch) => T,
  ): T => {
    const batch = targetedBatch(
      items.map((ids, i) => ({ ids, targets: ids.map((_, at) => at === ids.length - 1 || learnt(i, at)) })),
    );
    try {
      return use(batch);
    } finally {
      tf.dispose([batch.ids, batch.predicting, batch.labels]);
    }
  };
  return {
    variables: adapter.matrices.map((matrix) => ({ ...matrix, name: `decoder_adapter.${matrix.name}` })),
    tokens: (item) => item.length,
    gradients: (items, seed) =>
      using(
        items,
        (i, at) => deriveSeed(seed, i, at) % 4 !== 0,
        (batch) => {
          const { loss, gradients } = adapterGradients(config, weights, adapter, batch, {
            checkpointed: false,
            graphs,
          });
          return { terms: { loss }, gradients };
        },
      ),
    evaluate: (items) =>
      using(
        items,
        () => true,
        (batch) => ({ loss: tf.tidy(() => languageModelLoss(config, weights, batch, { adapter: adapter.blocks })) }),
      ),
    dispose: () => {
      disposeLoraAdapter(adapter);
      disposeDecoderWeights(weights);
      graphs?.dispose();
    },
  };
}
