import type { LinearWeights } from '../engine/linear.ts';
import type { Tensor } from '../engine/tensorflow.ts';
import type { BlockWeights, DecoderWeights } from './decoder-weights.ts';
import { LINEAR_MODULES, moduleParent, type LinearModule } from './linear-modules.ts';

/** What a tensor of a decoder block is replaced with; `name` as in Hugging Face's files, from the block on: `self_attn.q_proj.weight`. */
type MapTensor = (tensor: Tensor, name: string) => Tensor;

/** A block of the same form with every tensor replaced, always in the same order. */
export function mapBlockWeights(block: BlockWeights, map: MapTensor): BlockWeights {
  const linears = {} as Record<LinearModule, LinearWeights>;
  for (const module of LINEAR_MODULES) {
    const { weight, bias } = block[module];
    const name = `${moduleParent(module)}.${module}`;
    linears[module] = {
      weight: map(weight, `${name}.weight`),
      ...(bias && { bias: map(bias, `${name}.bias`) }),
    };
  }
  return {
    ...linears,
    attentionNorm: map(block.attentionNorm, 'input_layernorm.weight'),
    feedForwardNorm: map(block.feedForwardNorm, 'post_attention_layernorm.weight'),
    ...(block.queryNorm && { queryNorm: map(block.queryNorm, 'self_attn.q_norm.weight') }),
    ...(block.keyNorm && { keyNorm: map(block.keyNorm, 'self_attn.k_norm.weight') }),
  };
}

/** Weights of the same form with every tensor replaced, always in the same order; an embedding that is the head too is asked for once. Names as in Hugging Face's files. */
export function mapDecoderWeights(weights: DecoderWeights, map: MapTensor): DecoderWeights {
  const embedding = map(weights.embedding, 'model.embed_tokens.weight');
  return {
    embedding,
    blocks: weights.blocks.map((block, layer) =>
      mapBlockWeights(block, (tensor, name) => map(tensor, `model.layers.${layer}.${name}`)),
    ),
    finalNorm: map(weights.finalNorm, 'model.norm.weight'),
    head: weights.head === weights.embedding ? embedding : map(weights.head, 'lm_head.weight'),
  };
}
