import { z } from 'zod';
import { COMPRESSOR_KINDS, MEMORY_POSITIONS } from './compression-settings.ts';
import { LINEAR_MODULES } from '../language-model/linear-modules.ts';

const count = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Name of the file beside `weights.safetensors` in a checkpoint's folder. Written last: a folder with it is whole. */
export const CLARA_FILE = 'clara.json';

/** How far a grown matrix of an imported checkpoint is from the base model's over the base vocabulary's rows, which are not trained. */
const baseRowsSchema = z.strictObject({
  matrix: z.enum(['model.embed_tokens.weight', 'lm_head.weight']),
  rows: count,
  differing: z.int().nonnegative(),
  /** Of the absolute differences. */
  largest: z.number().nonnegative(),
});

/** What the weights of a compression system beside it are for. */
export const claraFileSchema = z.strictObject({
  format: z.literal(1),
  /** What makes the vectors of a document. */
  compressor: z.enum(COMPRESSOR_KINDS),
  /** Nominal compression ratio. */
  ratio: z.number().min(1),
  /** Where it serves several ratios: those, from the least to the greatest; the least is its `ratio`. */
  ratios: z.array(z.number().min(1)).min(1).optional(),
  /** Tokens of a document's text that are read at most. */
  documentMaxLength: count,
  memory: z.enum(['fixed', 'proportional']),
  /** Positions of the memory tokens; `behind` where it is left out. */
  positions: z.enum(MEMORY_POSITIONS).optional(),
  /** Memory tokens: vectors of a document at most. */
  memoryTokens: count,
  rank: count,
  /** The low-rank part is multiplied by alpha / rank. */
  alpha: z.number().positive(),
  modules: z.array(z.enum(LINEAR_MODULES)).min(1),
  /** Names of its adapters; none where only a projection is trained. */
  adapters: z.array(z.string()),
  /** Documents that the generator was trained to be given, at most. */
  k: count,
  /** The stage that it was trained to. */
  stage: z.string(),
  /** Of the base: the id of the first special token. */
  vocabularySize: count,
  hiddenSize: count,
  /** The base model; null where an import was given none. */
  model: z.strictObject({ id: z.string(), hash: sha256 }).nullable(),
  /** Of an imported checkpoint: the reference's settings that are kept for people, where the weights came from, and how its base rows compare with the model's. */
  source: z
    .strictObject({
      /** The base as the checkpoint names it: often a path of the machine that it was trained on. */
      decoder_model_name: z.string(),
      sep: z.boolean(),
      different_mem_tokens: z.boolean(),
      files: z.array(z.strictObject({ name: z.string(), sha256 })),
      rows: z.array(baseRowsSchema),
    })
    .nullable(),
});

/** The content of clara.json. */
export type ClaraFile = Readonly<z.infer<typeof claraFileSchema>>;

/** The comparison of one matrix with the base's. */
export type BaseRows = Readonly<z.infer<typeof baseRowsSchema>>;
