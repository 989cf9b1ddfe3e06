import { z } from 'zod';
import type { LanguageModel } from '../language-model/language-model.ts';
import { measuredOnce } from './measured-once.ts';

const SHORT = 128;
const LONG = 768;
const ROWS = 4;
const NEW_TOKENS = 4;

const calibrationSchema = z.object({
  /** Milliseconds for one prompt of SHORT tokens among ROWS like it. */
  shortPromptMs: z.number().positive(),
  /** Milliseconds for one prompt of LONG tokens. */
  longPromptMs: z.number().positive(),
  /** Milliseconds for a new token of one prompt, and of ROWS prompts together. */
  stepMs: z.number().positive(),
  rowsStepMs: z.number().positive(),
});

/** How fast a model is on this machine. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** A model's speed on this machine, measured with a few made-up prompts (seconds on a small model). `load` is called only where the speed is not known yet. */
export async function calibrate(hash: string, load: () => Promise<LanguageModel>): Promise<Calibration> {
  return measuredOnce({ hash }, calibrationSchema, async () => {
    const model = await load();
    const measured = await measure(model);
    model.dispose();
    return measured;
  });
}

async function measure(model: LanguageModel): Promise<Calibration> {
  const long = Math.min(LONG, model.config.contextLength - NEW_TOKENS);
  const ask = async (rows: number, length: number): Promise<{ prefill: number; decode: number }> => {
    const prompt = Array.from({ length }, (_, at) => (at * 7919 + 1) % model.config.vocabularySize);
    const prompts = Array.from({ length: rows }, () => prompt);
    const answers = await model.generate(prompts, { maxNewTokens: NEW_TOKENS, batch: rows, endIds: [] });
    return answers[0]!.ms;
  };
  // The first use of each kernel is slower.
  await ask(ROWS, 16);
  const short = await ask(ROWS, Math.min(SHORT, long));
  const single = await ask(1, long);
  // The first new token comes with the prefill.
  const steps = NEW_TOKENS - 1;
  return {
    shortPromptMs: short.prefill,
    longPromptMs: (single.prefill * LONG) / long,
    stepMs: single.decode / steps,
    rowsStepMs: (short.decode * ROWS) / steps,
  };
}

/** Milliseconds for a prompt: the time for a token grows linearly with the prompt's length (attention), by the two lengths measured. */
export function promptMs({ shortPromptMs, longPromptMs }: Calibration, tokens: number): number {
  const short = shortPromptMs / SHORT;
  const slope = (longPromptMs / LONG - short) / (LONG - SHORT);
  return tokens * Math.max(short / 2, short + slope * (tokens - SHORT));
}

/** Milliseconds for a new token of each of `rows` prompts together. */
export function stepMs({ stepMs: one, rowsStepMs }: Calibration, rows: number): number {
  return one + (Math.max(0, rowsStepMs - one) / (ROWS - 1)) * (rows - 1);
}
