import { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { ModelConfig } from '../model-config.ts';
import { ropeScalingSchema, scaledRotation } from './rope-scaling.ts';

/** No decoder of this family comes near; a larger number in a config would be allocated for. */
const MAX_SIZE = 1 << 24;
const size = z.number().int().min(1).max(MAX_SIZE);
const absent = (what: string) => z.null(`expected none (${what})`).optional();
const no = (what: string) => z.literal(false, `expected false (${what})`).nullish();

/** The fields of a Hugging Face config.json that decide what the model computes. Defaults are those of transformers. */
export const huggingFaceConfigSchema = z.looseObject({
  model_type: z.enum(['llama', 'mistral', 'qwen2', 'qwen3', 'phi3']),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  hidden_act: z.literal('silu').default('silu'),
  rms_norm_eps: z.number().positive(),
  max_position_embeddings: size,
  original_max_position_embeddings: size.nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeScalingSchema.nullish(),
  rope_parameters: ropeScalingSchema.nullish(),
  partial_rotary_factor: z.number().positive().max(1).nullish(),
  tie_word_embeddings: z.boolean().default(false),
  sliding_window: size.nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.number().int().nullish(),
  eos_token_id: z.union([z.number().int().min(0), z.array(z.number().int().min(0))]).nullish(),
  attention_bias: no('biases are supported for Qwen2 only'),
  mlp_bias: no('biases in the feed-forward layers are not supported'),
  use_mrope: no('rotations of several axes are not supported'),
  quantization_config: absent('quantised weights are read from GGUF'),
  num_local_experts: absent('mixtures of experts are not supported'),
  num_experts: absent('mixtures of experts are not supported'),
});

/** A checked config.json. */
export type HuggingFaceConfig = z.infer<typeof huggingFaceConfigSchema>;

/**
 * The shape of a model from its config.json.
 *
 * @param file For messages.
 * @throws InputError where fields contradict each other or name something that is not supported.
 */
export function configFromHuggingFace(given: HuggingFaceConfig, file: string): ModelConfig {
  const { model_type: architecture, hidden_size: hiddenSize, num_attention_heads: heads } = given;
  const problems: string[] = [];
  const keyValueHeads = given.num_key_value_heads ?? heads;
  const headSize = given.head_dim ?? hiddenSize / heads;
  if (heads % keyValueHeads !== 0) {
    problems.push(`num_key_value_heads: expected a divisor of num_attention_heads, ${heads}, got ${keyValueHeads}`);
  }
  if (!Number.isInteger(headSize))
    problems.push(`hidden_size: expected a multiple of num_attention_heads, ${heads}, got ${hiddenSize}`);
  const scaling = given.rope_scaling ?? given.rope_parameters ?? { rope_type: 'default' as const };
  const share = given.partial_rotary_factor ?? scaling.partial_rotary_factor ?? 1;
  if (share !== 1 && architecture !== 'phi3') {
    problems.push(`partial_rotary_factor: expected 1 (partial rotation is supported for phi3), got ${share}`);
  }
  const rotaryDimensions = Math.floor(headSize * share);
  if (rotaryDimensions % 2 !== 0 || rotaryDimensions < 2) {
    problems.push(
      `partial_rotary_factor: expected an even number of a head's ${headSize} dimensions, got ${rotaryDimensions}`,
    );
  }
  if (scaling.rope_type === 'longrope' && scaling.short_factor.length !== rotaryDimensions / 2) {
    problems.push(
      `rope_scaling.short_factor: expected ${rotaryDimensions / 2} factors, got ${scaling.short_factor.length}`,
    );
  }
  const window = slidingWindow(given);
  if (window === undefined) {
    problems.push(
      'max_window_layers: expected no sliding window, or one in all layers; a window in some layers is not supported',
    );
  }
  if (problems.length > 0) throw new InputError(problems.map((problem) => `${file}: ${problem}`));
  const base = given.rope_theta ?? scaling.rope_theta ?? 10_000;
  return {
    architecture,
    vocabularySize: given.vocab_size,
    hiddenSize,
    intermediateSize: given.intermediate_size,
    layers: given.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize,
    rmsNormEpsilon: given.rms_norm_eps,
    rotaryDimensions,
    ...scaledRotation(
      scaling,
      base,
      rotaryDimensions,
      given.max_position_embeddings,
      given.original_max_position_embeddings ?? undefined,
    ),
    attentionBias: architecture === 'qwen2',
    queryKeyNorm: architecture === 'qwen3',
    tiedEmbeddings: given.tie_word_embeddings,
    slidingWindow: window ?? null,
  };
}

/** The window of all layers, null for none, undefined where only some layers have one. Llama has none; Qwen says by two more fields which layers have one. */
function slidingWindow(given: HuggingFaceConfig): number | null | undefined {
  if (given.model_type === 'llama') return null;
  const window = given.sliding_window ?? null;
  if (given.model_type === 'mistral' || given.model_type === 'phi3' || window === null) return window;
  const without = given.max_window_layers ?? given.num_hidden_layers;
  if (!given.use_sliding_window || without >= given.num_hidden_layers) return null;
  return without <= 0 ? window : undefined;
}
