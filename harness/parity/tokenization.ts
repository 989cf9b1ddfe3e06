import { z } from 'zod';
import type { LanguageModel } from '../language-model/language-model.ts';
import { Deviations, type Deviation } from './deviation.ts';

const ids = z.array(z.int());
const encoded = z.object({ text: z.string(), ids, decoded: z.string() });
const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

/** Layout of tokenization.json. */
export const tokenizationGoldens = z.object({
  strings: z.array(encoded),
  passages: z.array(encoded),
  conversations: z.array(
    z.object({ messages: z.array(message), add_generation_prompt: z.boolean(), rendered: z.string(), ids }),
  ),
});

/** Compares token ids, decoded texts and rendered conversations. */
export function tokenizationParity(golden: z.infer<typeof tokenizationGoldens>, model: LanguageModel): Deviation[] {
  const all = new Deviations();
  for (const kind of ['strings', 'passages'] as const) {
    for (const { text, ids, decoded } of golden[kind]) {
      all.same(`token ids (${kind} that differ)`, model.tokenizer.encode(text), ids);
      all.same(`decoded text (${kind} that differ)`, model.tokenizer.decode(ids, { keepSpecial: true }), decoded);
    }
  }
  for (const { messages, add_generation_prompt, rendered, ids } of golden.conversations) {
    all.same('chat template (conversations that differ)', model.renderChat(messages, { addGenerationPrompt: add_generation_prompt }), rendered); // prettier-ignore
    all.same('token ids (conversations that differ)', model.tokenizer.encode(rendered), ids);
  }
  return all.list();
}
