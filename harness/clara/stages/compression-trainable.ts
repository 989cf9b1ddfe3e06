import { GraphCache } from '../../engine/graph-cache.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import type { LossTerms, NamedVariable, Trainable } from '../../training/trainable.ts';
import { compressionLoss, type AlignmentSettings, type StepOptions } from '../compression-loss.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';
import { encoderBatch, encoderTensors, pooledBatch, type EncoderDocument } from '../encoder-batch.ts';
import { generatorBatch, generatorTensors } from '../generator-batch.ts';
import type { Lay } from '../input-rows.ts';
import { graphLayout } from './graph-layout.ts';
import { stepGradients } from './step-gradients.ts';

/** Documents to compress, and the prompt with its answer that is learnt from their vectors. */
export interface CompressionItem {
  readonly documents: readonly EncoderDocument[];
  readonly prompt: TargetedSequence;
}

/** How a stage computes its gradients. */
export interface StageOptions {
  readonly checkpointed: boolean;
  /** Record steps as graphs, one for each rounded shape; without effect where blocks are computed again. */
  readonly recorded: boolean;
  /** Rate of the dropout of the adapters' inputs. */
  readonly dropout: number;
}

/** Compression pretraining and instruction tuning: compressor and generator learn together (compression-loss.ts). */
export function compressionTrainable(
  model: OwnedCompressionModel,
  variables: readonly NamedVariable[],
  alignment: AlignmentSettings,
  options: StageOptions,
): Trainable<CompressionItem> {
  const parts = alignment.weight > 0 ? ['crossEntropy', 'alignment'] : [];
  const graphs = options.recorded && !options.checkpointed ? new GraphCache() : undefined;
  const blockGraphs = options.checkpointed ? new GraphCache() : undefined;
  const batchOf = model.settings.compressor === 'memory-tokens' ? encoderBatch : pooledBatch;
  const lay = (which: 'documents' | 'prompts'): Lay => graphLayout(which, graphs !== undefined);
  /** Runs f on a micro-batch's tensors, which are freed then. */
  const withBatch = <T>(
    items: readonly CompressionItem[],
    f: (loss: (step: StepOptions) => LossTerms, tensors: Tensor[], key: string) => T,
  ): T => {
    // prettier-ignore
    const documents = batchOf(items.flatMap((item) => item.documents), model.special, { lay: lay('documents'), multiple: graphs ? 16 : 1, positions: model.settings.positions }); // prettier-ignore
    const prompts = generatorBatch(items.map(({ prompt }) => prompt), model.special, { lay: lay('prompts'), targets: graphs ? 16 : 1 }); // prettier-ignore
    const tensors = [...encoderTensors(documents), ...generatorTensors(prompts)];
    const key = [documents, prompts].map(({ rows: { layout } }) => `${layout.shape.batch} x ${layout.shape.rows} in ${layout.total}`); // prettier-ignore
    try {
      const loss = (step: StepOptions): LossTerms => compressionLoss(model, documents, prompts, alignment, step);
      return f(loss, tensors, [...key, prompts.labels.size, documents.alignment.documents, documents.vectors.count].join(', ')); // prettier-ignore
    } finally {
      tf.dispose(tensors);
    }
  };
  return {
    variables,
    tokens: ({ documents, prompt }) =>
      documents.reduce((sum, { ids, count }) => sum + ids.length + count, prompt.ids.length),
    gradients: (items, seed) =>
      withBatch(items, (loss, tensors, key) =>
        stepGradients(loss, variables, { ...options, parts, seed, graphs, blockGraphs, key, tensors }),
      ),
    evaluate: (items) => withBatch(items, (loss) => tf.tidy(() => ({ ...loss({}) }))),
    dispose: () => {
      graphs?.dispose();
      blockGraphs?.dispose();
    },
  };
}
