import { differentiableAdd } from '../engine/add.ts';
import { differentiableScale } from '../engine/differentiable-scale.ts';
import type { PassOptions } from '../language-model/decoder.ts';
import type { LossTerms } from '../training/trainable.ts';
import type { AlignmentForm } from './alignment-loss.ts';
import type { CompressionModel } from './compression-model.ts';
import { encode } from './encode.ts';
import type { EncoderBatch } from './encoder-batch.ts';
import type { GeneratorBatch } from './generator-batch.ts';
import { generatorLoss } from './generator-loss.ts';

/** The alignment loss in a stage's loss; weight 0 leaves it out. */
export interface AlignmentSettings {
  readonly weight: number;
  readonly form: AlignmentForm;
}

/** Passes of one step drop different values. */
export const STREAMS = { encoder: 0, generator: 1, queryReasoner: 2 } as const;

/** What all passes of a step share. */
export type StepOptions = Pick<PassOptions, 'checkpointed' | 'blockGraphs'> & { readonly dropout?: Omit<NonNullable<PassOptions['dropout']>, 'stream'> }; // prettier-ignore

/**
 * Loss of compression pretraining and of instruction tuning (clara.md 6): cross-entropy of the answers from the documents' vectors, plus weight x alignment. Gradients
 * flow from the generator through the vectors into the compressor.
 *
 * @returns terms `loss`, `crossEntropy` and, where it has a weight, `alignment`
 */
export function compressionLoss(
  model: CompressionModel,
  documents: EncoderBatch,
  prompts: GeneratorBatch,
  alignment: AlignmentSettings,
  options: StepOptions = {},
): LossTerms {
  const { weight, form } = alignment;
  const encoded = encode(model, documents, passOptions(options, 'encoder', model.encoder.blocks), weight > 0 ? form : null); // prettier-ignore
  const crossEntropy = generatorLoss(model, prompts, encoded.vectors, passOptions(options, 'generator', model.decoder.blocks)); // prettier-ignore
  if (!encoded.alignment) return { loss: crossEntropy, crossEntropy };
  const loss = differentiableAdd(crossEntropy, differentiableScale(encoded.alignment, weight));
  return { loss, crossEntropy, alignment: encoded.alignment };
}

/** Options of one pass of a step. */
export function passOptions(
  { checkpointed, blockGraphs, dropout }: StepOptions,
  stream: keyof typeof STREAMS,
  adapter: NonNullable<PassOptions['adapter']>,
): PassOptions {
  return { adapter, checkpointed, blockGraphs, dropout: dropout && { ...dropout, stream: STREAMS[stream] } };
}
