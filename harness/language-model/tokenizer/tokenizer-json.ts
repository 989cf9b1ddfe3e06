import { z } from 'zod';

const part = z.looseObject({ type: z.string() });

/** The parts of a Hugging Face tokenizer.json that are read here; @huggingface/tokenizers reads the rest. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(
    z.looseObject({ id: z.number().int().min(0), content: z.string().min(1), special: z.boolean().default(false) }),
  ),
  normalizer: part.nullable().default(null),
  pre_tokenizer: part.nullable().default(null),
  post_processor: part.nullable().default(null),
  decoder: part.nullable().default(null),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.union([z.record(z.string(), z.number().int().min(0)), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/** A Hugging Face tokenizer.json. */
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;
