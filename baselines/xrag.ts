import { z } from 'zod';
import { compressionSystem } from '../harness/clara/compression-system.ts';
import { instructionShape, noAlignment, pretrainingShape } from '../harness/clara/stage-settings.ts';
import { expected } from '../harness/expected.ts';
import type { System } from '../harness/system.ts';

const tokens = 'a whole number of at least 1';

/**
 * xRAG (Cheng et al., 2024, arXiv 2405.13792): one vector a document, its retrieval embedding projected into the input space of a frozen generator; only the projector is trained, on paraphrases
 * and then on questions. `ratio` is the number of tokens that are read of a document at most, all for one vector.
 *
 * What differs from the publication: a document's embedding is the mean of its hidden states under the frozen backbone, since their SFR-Embedding-Mistral is not at hand; instruction tuning learns
 * answers alone (there the answers that the text gives are a second target, with twice the weight); a passage's own text stands in for its paraphrase; a question has several documents by
 * default (one there); the prompt is CLaRa's; and the learning rates (6e-3, then 2e-5 there) are settings.
 */
export const xrag: System = compressionSystem({
  id: 'xrag',
  description:
    'one vector a document through a trained projection, read by the frozen backbone (stages pretraining, instruction)',
  compressor: 'projection',
  shape: { ratio: z.int(expected(tokens)).min(1, expected(tokens)).default(180) },
  stages: {
    pretraining: {
      ...pretrainingShape,
      alignment: noAlignment,
      data: z.literal('paraphrases', expected('paraphrases')).default('paraphrases'),
    },
    instruction: { ...instructionShape, alignment: noAlignment },
  },
});
