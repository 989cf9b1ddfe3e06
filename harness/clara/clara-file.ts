import { z } from 'zod';

const count = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Name of the file in a checkpoint's folder. Written last: a folder with it is whole. */
export const CLARA_FILE = 'clara.json';

/** How far a grown matrix of a checkpoint is from the base model's over the base vocabulary's rows, which are not trained. */
const baseRowsSchema = z.strictObject({
  matrix: z.enum(['model.embed_tokens.weight', 'lm_head.weight']),
  rows: count,
  differing: z.int().nonnegative(),
  /** Of the absolute differences. */
  largest: z.number().nonnegative(),
});

/** What an imported checkpoint's weights were trained with. Names of the first block are those of the reference's config.json. */
export const claraFileSchema = z.strictObject({
  compr_rate: count,
  doc_max_length: count,
  lora_r: count,
  sep: z.boolean(),
  different_mem_tokens: z.boolean(),
  generation_top_k: count,
  training_stage: z.string(),

  /** The low-rank part is multiplied by this over lora_r: 2 in the reference, whatever the rank. */
  lora_alpha: count,
  /** Vectors of a document, l. */
  memory_tokens: count,
  /** Of the base; the id of the first memory token. */
  vocabulary_size: count,
  hidden_size: count,
  adapters: z.array(z.string()).min(1),
  source: z.strictObject({
    /** The base as the checkpoint names it: often a path of the machine that it was trained on. */
    decoder_model_name: z.string(),
    files: z.array(z.strictObject({ name: z.string(), sha256 })),
  }),
  /** The base that it was checked against, or null where none was given. */
  base: z.strictObject({ id: z.string(), hash: sha256, rows: z.array(baseRowsSchema) }).nullable(),
});

/** The content of clara.json. */
export type ClaraFile = Readonly<z.infer<typeof claraFileSchema>>;

/** The comparison of one matrix with the base's. */
export type BaseRows = Readonly<z.infer<typeof baseRowsSchema>>;
