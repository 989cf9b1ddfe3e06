import type { Recipe } from './recipe.ts';

/** The contents of config.json for a recipe, in Hugging Face's terms. */
export function modelShape(
  { model }: Recipe,
  vocabularySize: number,
  ids: { begin: number; end: number; pad: number },
): Record<string, unknown> {
  // prettier-ignore
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: vocabularySize,
    hidden_size: model.hidden,
    intermediate_size: model.feedForward,
    num_hidden_layers: model.layers,
    num_attention_heads: model.heads,
    num_key_value_heads: model.heads,
    head_dim: model.headSize,
    hidden_act: 'silu',
    rms_norm_eps: model.epsilon,
    max_position_embeddings: model.contextLength,
    rope_theta: model.theta,
    rope_scaling: null,
    tie_word_embeddings: true,
    attention_bias: false,
    mlp_bias: false,
    initializer_range: 0.02,
    bos_token_id: ids.begin,
    eos_token_id: ids.end,
    pad_token_id: ids.pad,
    torch_dtype: 'float16',
    use_cache: true,
  };
}
