import { z } from 'zod';
import { describeIssues } from '../../describe-issues.ts';
import { InputError } from '../../errors.ts';
import type { ModelConfig } from '../model-config.ts';
import type { GgufFile } from '../weights/gguf.ts';
import { longRopeAttentionFactor } from './long-rope-attention-factor.ts';
import { rotaryFrequencies } from './rotary-frequencies.ts';

const ARCHITECTURES = ['llama', 'qwen2', 'qwen3', 'phi3'] as const;
/** No decoder of this family comes near; a larger number in a header would be allocated for. */
const MAX_SIZE = 1 << 24;
const size = z.number().int().min(1).max(MAX_SIZE);

const schema = z.object({
  block_count: size.max(1000),
  context_length: size,
  embedding_length: size,
  feed_forward_length: size,
  vocab_size: size.optional(),
  'attention.head_count': size,
  'attention.head_count_kv': size.optional(),
  'attention.key_length': size.optional(),
  'attention.layer_norm_rms_epsilon': z.number().positive(),
  'attention.sliding_window': z.number().int().min(0).max(MAX_SIZE).optional(),
  'rope.freq_base': z.number().positive().default(10_000),
  'rope.dimension_count': size.optional(),
  'rope.scaling.type': z.enum(['none', 'linear', 'longrope']).optional(),
  'rope.scaling.factor': z.number().positive().default(1),
  'rope.scaling.attn_factor': z.number().positive().optional(),
  'rope.scaling.original_context_length': size.optional(),
  expert_count: z.literal(0, 'expected no experts (mixtures of experts are not supported)').optional(),
});

/**
 * The shape of the model in a GGUF file, from its metadata and the names of its tensors.
 *
 * @throws InputError where a key is missing or wrong, or the architecture is not supported.
 */
export async function configFromGguf({ file, metadata, weights }: GgufFile): Promise<ModelConfig> {
  const architecture = ARCHITECTURES.find((known) => known === metadata.get('general.architecture'));
  if (!architecture) {
    const got = JSON.stringify(metadata.get('general.architecture') ?? null);
    throw new InputError(`${file}: general.architecture: expected one of ${ARCHITECTURES.join(', ')}, got ${got}`);
  }
  const keys: Record<string, unknown> = {};
  for (const [key, value] of metadata) {
    if (key.startsWith(`${architecture}.`)) keys[key.slice(architecture.length + 1)] = value;
  }
  const parsed = schema.safeParse(keys, { reportInput: true });
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, `${file}: ${architecture}`));
  const values = parsed.data;

  const embedding = weights.shape('model.embed_tokens.weight');
  if (!embedding) throw new InputError(`${file}: expected a tensor token_embd.weight, got none`);
  const heads = values['attention.head_count'];
  const headSize = values['attention.key_length'] ?? values.embedding_length / heads;
  const rotaryDimensions = values['rope.dimension_count'] ?? headSize;
  const problems: string[] = [];
  if (!Number.isInteger(headSize)) {
    problems.push(
      `${file}: expected embedding_length to be a multiple of head_count, got ${values.embedding_length} and ${heads}`,
    );
  }
  if (rotaryDimensions % 2 !== 0 || rotaryDimensions > headSize) {
    problems.push(
      `${file}: rope.dimension_count: expected an even number up to the head's size ${headSize}, got ${rotaryDimensions}`,
    );
  }
  const longRope = weights.shape('rope_factors_short.weight') !== undefined;
  const originalContext = values['rope.scaling.original_context_length'];
  if (longRope && originalContext === undefined) {
    problems.push(
      `${file}: expected ${architecture}.rope.scaling.original_context_length beside rope_factors_short, got none`,
    );
  }
  if (problems.length > 0) throw new InputError(problems);

  const factorTensor = longRope ? 'rope_factors_short.weight' : 'rope_freqs.weight';
  const factors = weights.shape(factorTensor) ? [...(await weights.read(factorTensor))] : undefined;
  if (factors && factors.length !== rotaryDimensions / 2) {
    throw new InputError(`${file}: ${factorTensor}: expected ${rotaryDimensions / 2} factors, got ${factors.length}`);
  }
  const linear = values['rope.scaling.type'] === 'linear' ? values['rope.scaling.factor'] : 1;
  return {
    architecture,
    vocabularySize: embedding[0] ?? 0,
    hiddenSize: values.embedding_length,
    intermediateSize: values.feed_forward_length,
    layers: values.block_count,
    heads,
    keyValueHeads: values['attention.head_count_kv'] ?? heads,
    headSize,
    rmsNormEpsilon: values['attention.layer_norm_rms_epsilon'],
    rotaryDimensions,
    inverseFrequencies: rotaryFrequencies(values['rope.freq_base'], rotaryDimensions, factors).map(
      (each) => each / linear,
    ),
    rotaryScale: longRope
      ? (values['rope.scaling.attn_factor'] ?? longRopeAttentionFactor(values.context_length, originalContext))
      : 1,
    attentionBias: weights.shape('model.layers.0.self_attn.q_proj.bias') !== undefined,
    queryKeyNorm: weights.shape('model.layers.0.self_attn.q_norm.weight') !== undefined,
    tiedEmbeddings: weights.shape('lm_head.weight') === undefined,
    contextLength:
      longRope && originalContext ? Math.min(originalContext, values.context_length) : values.context_length,
    slidingWindow: values['attention.sliding_window'] || null,
  };
}
