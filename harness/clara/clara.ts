import type { System } from '../system.ts';
import { compressionSystem } from './compression-system.ts';
import { endToEndShape, instructionShape, pretrainingShape, pretrainingExtensions } from './stage-settings.ts';

const stages = {
  pretraining: { ...pretrainingShape, ...pretrainingExtensions },
  instruction: instructionShape,
  endToEnd: endToEndShape,
};

/**
 * CLaRa (He et al., 2025, arXiv 2511.18659): documents as the hidden states of memory tokens, ranked by a query reasoner in the same space; compressor, query reasoner and generator are
 * adapters of one backbone, trained in three stages. Where paper and code differ, the code's way is the default and the paper's an option of the stage.
 */
export const clara: System = compressionSystem({
  id: 'clara',
  description:
    'CLaRa: documents as memory vectors, ranked and read in the same space (stages pretraining, instruction, endToEnd)',
  compressor: 'memory-tokens',
  stages,
});

/** The query reasoner as a ranker alone, for the recall table: with `endToEnd.objective: gold` the supervised one. */
export const queryReasonerRanker: System = compressionSystem({
  id: 'query-reasoner',
  description:
    "ranks by CLaRa's query reasoner (endToEnd.objective: gold trains it on gold passages, the supervised ranker)",
  compressor: 'memory-tokens',
  stages,
  ranksOnly: true,
});
