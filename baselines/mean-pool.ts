import { compressionSystem } from '../harness/clara/compression-system.ts';
import {
  instructionShape,
  noAlignment,
  pretrainingShape,
  pretrainingExtensions,
} from '../harness/clara/stage-settings.ts';
import type { System } from '../harness/system.ts';

/**
 * Mean pooling as a compression (Feldman and Artzi, "No Mean Feat", arXiv 2510.20797): a document's vectors are the means of the final hidden states over equal windows of its text, under
 * an encoder adapter; there are no memory tokens. Trained like CLaRa's instruction tuning; pretraining can be set before it.
 *
 * What differs from the publication: the encoder's attention is causal, as the backbone's is (theirs sees both ways); a document has as many windows as CLaRa has vectors, so that both
 * have the same budget, and one ratio is trained at a time; targets are the answers, without a teacher.
 */
export const meanPool: System = compressionSystem({
  id: 'mean-pool',
  description: 'documents as means of hidden states over equal windows (stages pretraining, instruction)',
  compressor: 'mean-pool',
  stages: {
    pretraining: { ...pretrainingShape, ...pretrainingExtensions, alignment: noAlignment },
    instruction: { ...instructionShape, alignment: noAlignment },
  },
});
