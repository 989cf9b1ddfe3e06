import { valueAndGradients } from '../engine/differentiable.ts';
import type { GraphCache } from '../engine/graph-cache.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import { languageModelLoss, type TargetedBatch } from '../language-model/language-model-loss.ts';
import type { LoraAdapter } from '../language-model/lora.ts';
import type { ModelConfig } from '../language-model/model-config.ts';

/** How the gradients are computed. */
export interface GradientOptions {
  /** Recompute each block in the backward pass: a third of the memory, a forward pass more. */
  readonly checkpointed: boolean;
  /** Where steps are recorded by shape; not with checkpointing, whose order a graph does not keep. */
  readonly graphs?: GraphCache;
}

/**
 * Loss of a batch under an adapter, and its gradients to the adapter's matrices, in their order. The caller frees them.
 */
export function adapterGradients(
  config: ModelConfig,
  weights: DecoderWeights,
  adapter: LoraAdapter,
  batch: TargetedBatch,
  { checkpointed, graphs }: GradientOptions,
): { loss: Tensor; gradients: Tensor[] } {
  const variables = adapter.matrices.map(({ variable }) => variable);
  const compute = (): Tensor[] => {
    const loss = (): Tensor => languageModelLoss(config, weights, batch, { adapter: adapter.blocks, checkpointed });
    const { value, gradients } = valueAndGradients(loss, variables);
    return [value, ...gradients];
  };
  const { ids, predicting, labels, shape } = batch;
  const key = `${shape.batch} x ${shape.rows}, ${labels.size} targets`;
  const [loss, ...gradients] =
    graphs && !checkpointed ? graphs.run(key, [ids, predicting, labels, ...variables], compute) : compute();
  return { loss: loss!, gradients };
}
