import { cachedAttention } from '../engine/attention.ts';
import { linear } from '../engine/linear.ts';
import { add, reshape } from '../engine/kernels.ts';
import { rmsNorm } from '../engine/rms-norm.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import { feedForward, queriesKeysValues, type BlockAdapter } from './decoder.ts';
import type { KeyValueCache } from './key-value-cache.ts';
import type { LinearModule } from './linear-modules.ts';
import type { ModelConfig } from './model-config.ts';
import { rotaryTablesAt } from './rotary-tables.ts';

/**
 * One new token a sequence through all blocks, with the cache of what came before; the cache gets the new keys and values.
 *
 * @param x embeddings of the new tokens [batch, hidden]
 * @param positions position of each new token
 * @param mask [batch, 1, capacity], which slots each sequence sees, the new one included
 * @returns hidden states before the final norm [batch, hidden]
 */
export function decodeStep(
  config: ModelConfig,
  weights: DecoderWeights,
  x: Tensor,
  positions: readonly number[],
  mask: Tensor,
  cache: KeyValueCache,
  adapter?: readonly BlockAdapter[],
): Tensor {
  const { keyValueHeads, heads, headSize } = config;
  return tf.tidy(() => {
    const tables = rotaryTablesAt(config, positions);
    const slots = cache.slots(positions.map((position, sequence) => ({ sequence, position })));
    let hidden = x;
    weights.blocks.forEach((block, index) => {
      const project = (module: LinearModule, input: Tensor): Tensor =>
        linear(input, block[module], adapter?.[index]?.[module]);
      hidden = tf.tidy(() => {
        const h = rmsNorm(hidden, block.attentionNorm, config.rmsNormEpsilon);
        const { q, k, v } = queriesKeysValues(config, block, h, tables, 1, project);
        cache.write(index, slots, k, v);
        const { keys, values } = cache.read(index);
        const queries = reshape(q, [positions.length * keyValueHeads, heads / keyValueHeads, headSize]);
        const attended = add(hidden, project('o_proj', cachedAttention(queries, keys, values, mask)));
        return feedForward(config, block, attended, project);
      });
    });
    return hidden;
  });
}
