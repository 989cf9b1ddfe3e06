import { z } from 'zod';

/** Vocabularies have up to some 256,000 tokens; a list is made as long as the largest id. */
const id = z
  .number()
  .int()
  .min(0)
  .max(1 << 24);
const part = z.looseObject({ type: z.string() });

/** The parts of a Hugging Face tokenizer.json that are read here; @huggingface/tokenizers reads the rest. */
export const tokenizerJsonSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string().min(1), special: z.boolean().default(false) })),
  normalizer: part.nullable().default(null),
  pre_tokenizer: part.nullable().default(null),
  post_processor: part.nullable().default(null),
  decoder: part.nullable().default(null),
  model: z.looseObject({
    type: z.enum(['BPE', 'Unigram', 'WordPiece']).default('BPE'),
    unk_token: z.string().nullish(),
    vocab: z.union([z.record(z.string(), id), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/** A Hugging Face tokenizer.json. */
export type TokenizerJson = z.infer<typeof tokenizerJsonSchema>;
