import { z } from 'zod';
import { expected } from '../../harness/expected.ts';
import { loraSettings } from '../../harness/training/lora-settings.ts';
import { trainingSettings } from '../../harness/training/training-settings.ts';
import { documentTokensSetting } from './document-tokens.ts';

const CANDIDATES = 'a whole number of at least 2';

/** Settings of the cross-encoder and its training. */
export const crossEncoderSettings = z.strictObject({
  documentTokens: documentTokensSetting,
  /** Candidates of a question that it is trained to choose among: its gold passages, and others drawn by the seed. */
  candidates: z.int(expected(CANDIDATES)).min(2, expected(CANDIDATES)).default(5),
  ...loraSettings,
  ...trainingSettings({ batch: 16, microBatch: 1 }),
});
