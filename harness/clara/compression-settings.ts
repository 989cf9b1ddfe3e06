import type { LinearModule } from '../language-model/linear-modules.ts';
import type { MemorySettings } from './memory-count.ts';
import type { NewRows } from './special-embeddings.ts';

/** What makes vectors of documents: hidden states of memory tokens (CLaRa), means of hidden states over equal windows of the text (`mean-pool`), or one mean over the whole text under the frozen backbone, projected (`projection`: no adapter is made). */
export const COMPRESSOR_KINDS = ['memory-tokens', 'mean-pool', 'projection'] as const;

/** One of COMPRESSOR_KINDS. */
export type CompressorKind = (typeof COMPRESSOR_KINDS)[number];

/** Positions of memory tokens: behind the text (CLaRa), or spread over it (spread-positions.ts). */
export const MEMORY_POSITIONS = ['behind', 'spread'] as const;

/** One of MEMORY_POSITIONS. */
export type MemoryPositions = (typeof MEMORY_POSITIONS)[number];

/** What a compression system's weights are made for; the same from its first stage to its last. */
export interface CompressionSettings extends MemorySettings {
  readonly compressor: CompressorKind;
  /** `behind` where it is left out. */
  readonly positions?: MemoryPositions;
  /** How the embeddings of memory tokens and of <ENC> and <SEP> begin; `mean` where it is left out. */
  readonly newTokens?: NewRows;
  readonly rank: number;
  readonly alpha: number;
  readonly modules: readonly LinearModule[];
}
