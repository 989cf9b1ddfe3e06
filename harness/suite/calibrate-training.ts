import { z } from 'zod';
import type { LanguageModel } from '../language-model/language-model.ts';
import { measuredOnce } from './measured-once.ts';

const SEQUENCES = 2;
const ROWS = 128;
/** Share of the rows that are targets: questions are long, answers short. */
const TARGETS = 1 / 8;

const schema = z.object({
  /** Milliseconds a row of a LoRA step, forward, backward and update. */
  rowMs: z.number().positive(),
});

/** Milliseconds that a training takes for a row on this machine, measured with two LoRA steps on made-up text (seconds on a small model). `load` is called only where it is not known yet. */
export async function calibrateTraining(hash: string, load: () => Promise<LanguageModel>): Promise<number> {
  const { rowMs } = await measuredOnce({ hash, work: 'training' }, schema, async () => {
    const { loraStep } = await import('../training/lora-step.ts');
    const model = await load();
    const rows = Math.min(ROWS, model.config.contextLength);
    const sequences = Array.from({ length: SEQUENCES }, (_, sequence) => ({
      ids: Array.from({ length: rows }, (_, at) => (sequence * 104_729 + at * 7919 + 1) % model.config.vocabularySize),
      targets: Array.from({ length: rows }, (_, at) => at >= rows * (1 - TARGETS)),
    }));
    const step = loraStep(model, sequences, false);
    // The first step records the graph.
    step.run();
    const rowMs = step.run() / (SEQUENCES * rows);
    step.dispose();
    model.dispose();
    return { rowMs };
  });
  return rowMs;
}
