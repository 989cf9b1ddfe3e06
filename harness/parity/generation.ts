import { z } from 'zod';
import { embed } from '../engine/embed.ts';
import { gatherRows, matMul } from '../engine/kernels.ts';
import { tf } from '../engine/tensorflow.ts';
import { decode, finalNorm } from '../language-model/decoder.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { Deviations, type Deviation } from './deviation.ts';

const ids = z.array(z.int());

/** Layout of generation.json. */
export const generationGoldens = z.object({
  max_new_tokens: z.int(),
  stop_ids: ids,
  items: z.array(
    z.object({
      prompt_tokens: z.int(),
      prompt_ids: ids,
      new_ids: ids,
      text: z.string(),
      stopped: z.string(),
      margins: z.array(z.number()),
      min_margin: z.number(),
    }),
  ),
});

/** At a step whose two best logits are closer than this, float32 does not decide between them. */
const MARGIN = 1e-3;

/** Compares greedy continuations, one prompt at a time and in batches. */
export async function generationParity(
  golden: z.infer<typeof generationGoldens>,
  model: LanguageModel,
): Promise<Deviation[]> {
  const all = new Deviations();
  const prompts = golden.items.map((item) => item.prompt_ids);
  const options = { maxNewTokens: golden.max_new_tokens, endIds: golden.stop_ids };
  for (const batch of [1, 8]) {
    const results = await model.generate(prompts, { ...options, batch });
    golden.items.forEach((item, i) => {
      const result = results[i]!;
      const step = item.new_ids.findIndex((id, at) => id !== result.ids[at]);
      const undecided = step >= 0 && (item.margins[step] ?? Infinity) < MARGIN;
      all.same(
        `greedy token ids (continuations that differ, batch ${batch})`,
        undecided ? item.new_ids : result.ids,
        item.new_ids,
      );
      if (undecided) return;
      all.same(`greedy texts (that differ, batch ${batch})`, result.text, item.text);
      all.same(`greedy stops (that differ, batch ${batch})`, result.stopped === 'length', item.stopped === 'length');
    });
  }
  for (const { prompt_ids, prompt_tokens, new_ids, margins, min_margin } of golden.items) {
    all.same('prompt lengths (that differ)', prompt_ids.length, prompt_tokens);
    const got = nextTokenMargins(model, prompt_ids, new_ids);
    // Margins are printed with four digits.
    got.forEach((margin, i) => all.compare('margins of greedy steps', margin / (1 + margins[i]!), margins[i]! / (1 + margins[i]!), MARGIN)); // prettier-ignore
    all.compare('smallest margins', Math.min(...got) / (1 + min_margin), min_margin / (1 + min_margin), MARGIN);
  }
  return all.list();
}

/** Best less second-best logit before each of the new tokens, all in one pass over prompt and continuation. */
function nextTokenMargins(
  { config, weights }: LanguageModel,
  prompt: readonly number[],
  continuation: readonly number[],
): number[] {
  const ids = [...prompt, ...continuation];
  const rows = continuation.map((_, i) => prompt.length - 1 + i);
  return tf.tidy(() => {
    const hidden = decode(config, weights, embed(weights.embedding, ids), { batch: 1, rows: ids.length });
    const logits = matMul(
      finalNorm(config, weights, gatherRows(hidden, tf.tensor1d(rows, 'int32'))),
      weights.head,
      false,
      true,
    );
    const { values } = tf.topk(logits, 2);
    const best = values.dataSync();
    return rows.map((_, i) => best[2 * i]! - best[2 * i + 1]!);
  });
}
