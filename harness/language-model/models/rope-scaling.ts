import { z } from 'zod';
import { longRopeAttentionFactor } from './long-rope-attention-factor.ts';
import { rotaryFrequencies } from './rotary-frequencies.ts';

const factor = z.number().positive();
const context = z.number().int().min(1);
const kind = { rope_theta: z.number().positive().optional(), partial_rotary_factor: z.number().optional() };

/** `rope_scaling` of a Hugging Face config.json (`rope_parameters` in newer ones): the kinds that are supported, with `type` renamed to `rope_type`. */
export const ropeScalingSchema = z.preprocess(
  (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const { type, rope_type = type, ...rest } = value as Record<string, unknown>;
    // `su` is LongRoPE's name in Phi-3's first files.
    return { ...rest, rope_type: rope_type === 'su' ? 'longrope' : (rope_type ?? 'default') };
  },
  z.discriminatedUnion('rope_type', [
    z.object({ rope_type: z.literal('default'), ...kind }),
    z.object({ rope_type: z.literal('linear'), factor, ...kind }),
    z.object({
      rope_type: z.literal('llama3'),
      factor,
      low_freq_factor: factor,
      high_freq_factor: factor,
      original_max_position_embeddings: context,
      ...kind,
    }),
    z.object({
      rope_type: z.literal('longrope'),
      short_factor: z.array(factor),
      factor: factor.optional(),
      attention_factor: factor.optional(),
      original_max_position_embeddings: context.optional(),
      ...kind,
    }),
  ]),
);

/** A checked `rope_scaling`. */
export type RopeScaling = z.infer<typeof ropeScalingSchema>;

/** The rotation of a model: radians a position for each pair, what sine and cosine are multiplied with, and how far it reaches. */
export interface Rotation {
  readonly inverseFrequencies: readonly number[];
  readonly rotaryScale: number;
  readonly contextLength: number;
}

/**
 * Applies a scaling as transformers' `modeling_rope_utils` does. LongRoPE is taken with its short factors, which hold up to the original context; so the context
 * ends there.
 *
 * @param maximum The config's `max_position_embeddings`.
 * @param original The config's `original_max_position_embeddings`, where it has one.
 */
export function scaledRotation(
  scaling: RopeScaling,
  base: number,
  dimensions: number,
  maximum: number,
  original: number | undefined,
): Rotation {
  const plain = rotaryFrequencies(base, dimensions);
  switch (scaling.rope_type) {
    case 'default':
      return { inverseFrequencies: plain, rotaryScale: 1, contextLength: maximum };
    case 'linear':
      return { inverseFrequencies: plain.map((each) => each / scaling.factor), rotaryScale: 1, contextLength: maximum };
    case 'llama3':
      return { inverseFrequencies: plain.map((each) => llama3(each, scaling)), rotaryScale: 1, contextLength: maximum };
    case 'longrope': {
      const known = original ?? scaling.original_max_position_embeddings;
      const reach = known ?? maximum;
      // Without an original context the scaling's own factor says by how much it was extended.
      const extended = known === undefined ? maximum * (scaling.factor ?? 1) : maximum;
      return {
        inverseFrequencies: rotaryFrequencies(base, dimensions, scaling.short_factor),
        rotaryScale: scaling.attention_factor ?? longRopeAttentionFactor(extended, reach),
        contextLength: Math.min(reach, maximum),
      };
    }
  }
}

/** Llama 3.1: slow rotations are divided by the factor, fast ones kept, those between interpolated. */
function llama3(frequency: number, scaling: Extract<RopeScaling, { rope_type: 'llama3' }>): number {
  const { factor: by, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: old } = scaling;
  const turns = (old * frequency) / (2 * Math.PI);
  if (turns > high) return frequency;
  if (turns < low) return frequency / by;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * frequency) / by + smooth * frequency;
}
