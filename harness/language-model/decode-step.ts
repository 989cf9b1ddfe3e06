import { cachedAttention } from '../engine/attention.ts';
import { add, gatherRows, matMul, overwriteRows, reshape, reshapeTo } from '../engine/kernels.ts';
import { rmsNorm } from '../engine/rms-norm.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import { blockProjection, type BlockAdapter } from './block-projection.ts';
import { feedForward, queriesKeysValues } from './decoder.ts';
import type { ModelConfig } from './model-config.ts';

/** What a decoding step reads beside the weights and the cache. Nothing else in it depends on the batch, so that one recorded graph serves all batches. */
export interface StepInputs {
  /** The new tokens, int32 [batch]. */
  readonly tokens: Tensor;
  /** Rotary tables of the new tokens' positions, complex64. */
  readonly queryTable: Tensor;
  readonly keyTable: Tensor;
  /** [batch * keyValueHeads, 1, capacity]: 0 for the slots that a sequence sees, the new one included, a large negative number for the others. */
  readonly mask: Tensor;
  /** Rows of the cache that get the new keys and values, int32 [batch * keyValueHeads]. */
  readonly slots: Tensor;
  /** int32 [3]: batch * keyValueHeads, capacity, headSize. */
  readonly cacheShape: Tensor;
}

/**
 * One new token a sequence through the model, with the cache of what came before; the cache gets the new keys and values.
 *
 * @param cache for each block its keys and values, [batch * keyValueHeads * capacity, headSize]
 * @returns logits [batch, vocabulary]
 */
export function decodeStep(
  config: ModelConfig,
  weights: DecoderWeights,
  inputs: StepInputs,
  cache: readonly { readonly keys: Tensor; readonly values: Tensor }[],
  adapter?: readonly BlockAdapter[],
): Tensor {
  const { keyValueHeads, heads, headSize, rmsNormEpsilon } = config;
  const tables = { queries: inputs.queryTable, keys: inputs.keyTable };
  return tf.tidy(() => {
    let hidden = gatherRows(weights.embedding, inputs.tokens);
    weights.blocks.forEach((block, index) => {
      hidden = tf.tidy(() => {
        const project = blockProjection(block, adapter?.[index] ?? {});
        const h = rmsNorm(hidden, block.attentionNorm, rmsNormEpsilon);
        const { q, k, v } = queriesKeysValues(config, block, h, tables, project);
        const written = (buffer: Tensor, rows: Tensor): Tensor =>
          reshapeTo(overwriteRows(buffer, inputs.slots, reshape(rows, [-1, headSize])), inputs.cacheShape);
        const keys = written(cache[index]!.keys, k);
        const values = written(cache[index]!.values, v);
        const queries = reshape(q, [-1, heads / keyValueHeads, headSize]);
        const attended = reshape(cachedAttention(queries, keys, values, inputs.mask), [-1, heads * headSize]);
        return feedForward(config, block, add(hidden, project('o_proj', attended)), project);
      });
    });
    return matMul(rmsNorm(hidden, weights.finalNorm, rmsNormEpsilon), weights.head, false, true);
  });
}
