import { z } from 'zod';
import { embed } from '../engine/embed.ts';
import { matMul } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm } from '../language-model/decoder.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { Deviations, type Deviation } from './deviation.ts';

const numbers = z.array(z.number());

/** Layout of logits.json. */
export const logitsGoldens = z.object({
  prompts: z.array(
    z.object({
      text: z.string(),
      n: z.int(),
      ids: z.array(z.int()),
      last_top20: z.object({ ids: z.array(z.int()), logits: numbers, tokens: z.array(z.string()) }),
      last_logsumexp: z.number(),
      last_mean: z.number(),
      last_std_population: z.number(),
      mean_cross_entropy: z.number(),
      argmax_all_positions: z.array(z.int()),
      final_norm_last: z.object({ first32: numbers, l2: z.number() }),
      residual_l2_last: numbers,
      float64_check: z.object({
        mean_cross_entropy: z.number(),
        last_logsumexp: z.number(),
        last_top20_logits: numbers,
      }),
    }),
  ),
});

const TOLERANCE = { logit: 5e-4, summary: 1e-4, crossEntropy: 1e-5, finalNorm: 2e-4, residual: 1e-4 };

/** Compares logits, what is summed from them, and hidden states on the way. */
export function logitsParity(golden: z.infer<typeof logitsGoldens>, model: LanguageModel): Deviation[] {
  const all = new Deviations();
  for (const prompt of golden.prompts) {
    const at = (what: string): string => `${what} (${prompt.n} tokens)`;
    all.same('prompt token ids (prompts that differ)', model.tokenizer.encode(prompt.text), prompt.ids);
    const { logits, norm, residuals } = forward(model, prompt.ids);
    const last = logits[logits.length - 1]!;
    all.compare(at('logits'), prompt.last_top20.ids.map((id) => last.values[id]!), prompt.last_top20.logits, TOLERANCE.logit); // prettier-ignore
    const top = Array.from(last.values.keys()).sort((a, b) => last.values[b]! - last.values[a]!).slice(0, prompt.last_top20.ids.length); // prettier-ignore
    const texts = prompt.last_top20.ids.map((id) => model.tokenizer.decode([id], { keepSpecial: true }));
    all.same('texts of the best tokens (prompts that differ)', texts, prompt.last_top20.tokens);
    // Two ids whose logits are closer than the tolerance may change places.
    all.compare(
      at('logits by rank'),
      top.map((id) => last.values[id]!),
      prompt.last_top20.logits,
      TOLERANCE.logit,
    );
    all.compare(at('log-sum-exp'), last.logSumExp, prompt.last_logsumexp, TOLERANCE.summary);
    const exact = prompt.float64_check;
    all.compare(at('log-sum-exp against float64'), last.logSumExp, exact.last_logsumexp, TOLERANCE.summary);
    all.compare(
      at('logits against float64'),
      prompt.last_top20.ids.map((id) => last.values[id]!),
      exact.last_top20_logits,
      TOLERANCE.logit,
    );
    const mean = last.values.reduce((a, b) => a + b, 0) / last.values.length;
    const variance = last.values.reduce((a, b) => a + (b - mean) ** 2, 0) / last.values.length;
    all.compare(at('mean of logits'), mean, prompt.last_mean, TOLERANCE.summary);
    all.compare(at('deviation of logits'), Math.sqrt(variance), prompt.last_std_population, TOLERANCE.summary);
    const losses = logits.slice(0, -1).map((row, i) => row.logSumExp - row.values[prompt.ids[i + 1]!]!);
    const crossEntropy = losses.reduce((a, b) => a + b, 0) / losses.length;
    all.compare(at('mean cross-entropy'), crossEntropy, prompt.mean_cross_entropy, TOLERANCE.crossEntropy);
    all.compare(
      at('mean cross-entropy against float64'),
      crossEntropy,
      exact.mean_cross_entropy,
      TOLERANCE.crossEntropy,
    );
    prompt.argmax_all_positions.forEach((expected, i) => {
      const { values, best } = logits[i]!;
      const tied = values[best]! - values[expected]! < TOLERANCE.logit;
      all.same(at('arg max (positions that differ)'), tied ? expected : best, expected);
    });
    all.compare(at('final norm'), norm.slice(0, prompt.final_norm_last.first32.length), prompt.final_norm_last.first32, TOLERANCE.finalNorm); // prettier-ignore
    all.compare(at('final norm, L2'), l2(norm), prompt.final_norm_last.l2, TOLERANCE.finalNorm);
    prompt.residual_l2_last.forEach((expected, block) => {
      all.compare(at('residual stream, L2, relative'), (residuals[block] ?? NaN) / expected, 1, TOLERANCE.residual);
    });
  }
  return all.list();
}

interface Row {
  readonly values: Float32Array;
  readonly logSumExp: number;
  readonly best: number;
}

/** Logits at every position, the last position's final norm and the L2 norms of its residual stream before each block. */
function forward(
  { config, weights }: LanguageModel,
  ids: readonly number[],
): { logits: Row[]; norm: number[]; residuals: number[] } {
  const residuals: number[] = [];
  const lastRow = (x: Tensor): number[] => Array.from(tf.slice(x, [ids.length - 1, 0], [1, -1]).dataSync());
  let norm: number[] = [];
  const all = tf.tidy(() => {
    const shape = { batch: 1, rows: ids.length };
    const hidden = decode(config, weights, embed(weights.embedding, ids), shape, {
      onBlockInput: (_, x) => residuals.push(l2(lastRow(x))),
    });
    const normed = finalNorm(config, weights, hidden);
    norm = lastRow(normed);
    return matMul(normed, weights.head, false, true);
  });
  const values = all.dataSync() as Float32Array;
  all.dispose();
  const width = config.vocabularySize;
  return { logits: ids.map((_, i) => summary(values.subarray(i * width, (i + 1) * width))), norm, residuals };
}

function summary(values: Float32Array): Row {
  let best = 0;
  for (let id = 1; id < values.length; id++) if (values[id]! > values[best]!) best = id;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - values[best]!);
  return { values, best, logSumExp: values[best]! + Math.log(sum) };
}

function l2(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
