import { add, matMul, scale } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import type { LinearWeights } from '../engine/linear.ts';
import type { BlockAdapter } from './block-projection.ts';
import type { BlockWeights, DecoderWeights } from './decoder-weights.ts';
import type { LinearModule } from './linear-modules.ts';

/**
 * Weights with an adapter folded in, W + scale A^T B^T, for inference: as fast as the backbone alone. Layers without an addition, norms, embedding and head are shared
 * with the weights given, which must live longer.
 */
export function mergeAdapter(weights: DecoderWeights, adapter: readonly BlockAdapter[]): DecoderWeights {
  const blocks = weights.blocks.map((block, index): BlockWeights => {
    const merged: Partial<Record<LinearModule, LinearWeights>> = {};
    for (const [module, { a, b, scale: factor }] of entries(adapter[index] ?? {})) {
      const weight = tf.tidy(() => add(block[module].weight, scale(matMul(a, b, true, true), factor)));
      merged[module] = { ...block[module], weight };
    }
    return { ...block, ...merged };
  });
  return { ...weights, blocks };
}

/** Frees what `mergeAdapter` made. */
export function disposeMerged(merged: DecoderWeights, adapter: readonly BlockAdapter[]): void {
  merged.blocks.forEach((block, index) => {
    for (const [module] of entries(adapter[index] ?? {})) block[module].weight.dispose();
  });
}

function entries(adapter: BlockAdapter): [LinearModule, NonNullable<BlockAdapter[LinearModule]>][] {
  return Object.entries(adapter) as [LinearModule, NonNullable<BlockAdapter[LinearModule]>][];
}
