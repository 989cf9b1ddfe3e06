import { z } from 'zod';
import { compressionSystem } from '../harness/clara/compression-system.ts';
import { instructionShape, instructionVariants, noAlignment } from '../harness/clara/stage-settings.ts';
import { expected } from '../harness/expected.ts';
import type { System } from '../harness/system.ts';

const { answers } = instructionVariants;

/**
 * PISCO (Louis et al., 2025, arXiv 2501.16075): compression tokens and generator learn to answer from several documents' vectors as a teacher answers from their text. No pretraining, no
 * alignment loss, no ranking; compression tokens are trained with the two adapters, from fresh weights. `answers` names the teacher's answers; with `gold` there is no teacher.
 *
 * What differs from the publication: the default adapters (rank 16; their newer code has rank 64 for the generator, and a two-layer perceptron of width 4096 between the compressor and it, which
 * is left out), the prompt (CLaRa's), the data (453,000 questions there), weight decay and warm-up (0.1 and 0.05 there; settings here), and the teacher, whose answers come from a file.
 */
export const pisco: System = compressionSystem({
  id: 'pisco',
  description: "compression tokens trained on a teacher's answers alone (stage instruction)",
  compressor: 'memory-tokens',
  stages: {
    instruction: {
      ...instructionShape,
      alignment: noAlignment,
      answers: answers.unwrap().default('gold'),
      memoryTokens: z.literal('trained', expected('trained')).default('trained'),
    },
  },
});
