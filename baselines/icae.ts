import { z } from 'zod';
import { compressionSystem } from '../harness/clara/compression-system.ts';
import { expected } from '../harness/expected.ts';
import {
  instructionShape,
  noAlignment,
  pretrainingShape,
  pretrainingExtensions,
} from '../harness/clara/stage-settings.ts';
import type { System } from '../harness/system.ts';

const encoderOnly = z.literal('encoder', expected('encoder')).default('encoder');

/**
 * The in-context autoencoder (Ge et al., 2023, arXiv 2307.06945): memory tokens whose vectors a frozen decoder, the backbone itself, reads. Pretraining has the decoder say the document's text
 * again behind a special token, which is trained as the memory tokens are; instruction tuning answers questions, still with a frozen decoder.
 *
 * What differs from the publication: pretraining is autoencoding alone (there it is mixed with continuing the text), on the training questions' gold passages; the adapter has rank 16 by default
 * (128 in their second version); a question has several documents, each compressed by itself; the prompt is CLaRa's.
 */
export const icae: System = compressionSystem({
  id: 'icae',
  description:
    'memory tokens pretrained as an autoencoder, read by the frozen backbone (stages pretraining, instruction)',
  compressor: 'memory-tokens',
  stages: {
    pretraining: {
      ...pretrainingShape,
      ...pretrainingExtensions,
      alignment: noAlignment,
      data: z.literal('autoencoding', expected('autoencoding')).default('autoencoding'),
      train: encoderOnly,
    },
    instruction: {
      ...instructionShape,
      alignment: noAlignment,
      train: encoderOnly,
      memoryTokens: z.literal('trained', expected('trained')).default('trained'),
    },
  },
});
