import { z } from 'zod';
import { docsSetting } from '../../baselines/settings.ts';
import { expected } from '../expected.ts';
import { loraSettings } from '../training/lora-settings.ts';
import { COMPRESSOR_KINDS, MEMORY_POSITIONS } from './compression-settings.ts';
import { trainingSettings } from '../training/training-settings.ts';

const RATIO = 'a number of at least 1';
const COUNT = 'a whole number of at least 1';
const RATIOS = 'a list of at least one number of at least 1, each once';
const NOT_NEGATIVE = 'a number of at least 0';

const count = z.int(expected(COUNT)).min(1, expected(COUNT));

/** Where memory tokens stand and how they begin. */
export const memoryTokenSettings = {
  /** Positions of the memory tokens: `behind` the text (the code), or `spread` over it (spread-positions.ts). */
  positions: z.enum(MEMORY_POSITIONS, expected(MEMORY_POSITIONS.join(' or '))).default('behind'),
  /** How the embeddings of the new tokens begin: all at the `mean` of the old ones (the code), or `scattered` as those are: a small model learns far sooner to tell its memory tokens apart. */
  newTokens: z.enum(['mean', 'scattered'], expected('mean or scattered')).default('mean'),
};

/** What every stage of a compression system must agree on. */
export const compressionShape = {
  /** Nominal compression ratio. */
  ratio: z.number(expected(RATIO)).min(1, expected(RATIO)),
  /** Tokens of a document's text that are read at most. */
  documentMaxLength: count.default(256),
  /** Vectors of a document: `fixed`, floor(documentMaxLength / ratio) for all (the code), or `proportional`, ceil(tokens / ratio) (the paper's text). */
  memory: z.enum(['fixed', 'proportional'], expected('fixed or proportional')).default('fixed'),
  ...memoryTokenSettings,
  ...loraSettings,
};

/** The alignment loss: its weight, and whether it is a mean (the code) or a sum (the paper) over the coordinates. */
const alignment = z
  .strictObject({
    weight: z.number(expected(NOT_NEGATIVE)).min(0, expected(NOT_NEGATIVE)).default(0.1),
    form: z.enum(['mean', 'sum'], expected('mean or sum')).default('mean'),
  })
  .prefault({});

/** In place of `alignment`, for systems without memory tokens beside the text: the loss has no meaning there, or is none of theirs. */
export const noAlignment = z
  .strictObject({ ...alignment.unwrap().shape, weight: z.literal(0, expected('0')).default(0) })
  .prefault({});

/** How a compression stage is trained. */
const compressionTraining = (defaults?: Parameters<typeof trainingSettings>[0]) => ({
  ...trainingSettings(defaults),
  /**
   * Record steps as graphs, with rows rounded up so that steps share them: a tenth to a fifth faster in a long training with texts of like length, slower in a short one, since each new shape is recorded
   * first, and more memory. Not with `checkpointed`.
   */
  recorded: z.boolean(expected('true or false')).default(false),
});

/** Compression pretraining (SCP). */
export const pretrainingShape = {
  ...compressionTraining(),
  alignment,
  /**
   * What is learnt of a passage: its questions with their answers, a paraphrase, or both (the code); or `answers`: each of its questions is asked as instruction tuning asks it, one turn after the
   * other, and the loss is on the answers alone, which a small model learns from far sooner than from guessing questions.
   */
  data: z
    .enum(['both', 'questions', 'paraphrases', 'answers'], expected('both, questions, paraphrases or answers'))
    .default('both'),
  /** `given`: the data's paraphrase, and for a passage without one its own text, which stands in for it; `own-text`: its own text always. No teacher writes any here. */
  paraphrase: z.enum(['given', 'own-text'], expected('given or own-text')).default('given'),
};

/** What pretraining may learn from at once, beyond the paper and its code. */
export const pretrainingExtensions = {
  /** Several ratios: each passage is learnt from at each of them, with the first memory tokens, so that one checkpoint serves all. Kept from the least to the greatest. */
  ratios: z
    .array(z.number(expected(RATIO)).min(1, expected(RATIO)), expected(RATIOS))
    .min(1, expected(RATIOS))
    .refine((list) => new Set(list).size === list.length, expected(RATIOS))
    .transform((list) => [...list].sort((one, other) => one - other))
    .optional(),
  /**
   * Several passages, with `data: answers`: 1, 2, ... up to so many in turn, each compressed by itself, and questions on all of them in a drawn order. Where it is one alone (the default, and
   * SCP), nothing makes a passage's memory tell whom it is about.
   */
  passages: count.optional(),
};

/** In place of pretraining here: a checkpoint that was finished elsewhere, a folder or an id of one that comes with the program. */
export const finishedShape = {
  checkpoint: z.string(expected('a folder or an id')).min(1, expected('a folder or an id')),
};

/** Instruction tuning over several documents. */
export const instructionShape = {
  ...compressionTraining(),
  alignment,
  /** Documents in a prompt. */
  docs: docsSetting.default('oracle-5'),
  /** The generator's adapter: a fresh one (the code), or that of pretraining continued (the paper). */
  decoder: z.enum(['restarted', 'continued'], expected('restarted or continued')).default('restarted'),
};

const ANSWERS = "gold, or the file of a teacher's answers and its sha256";

const teacherAnswers = z.strictObject({
  file: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, expected('64 hex digits')),
});

/** What other systems' pretraining does otherwise; CLaRa's where it is left out. */
const pretrainingVariants = {
  /** What is learnt of a passage, or `autoencoding`: its own text behind the token `<AE>`, without a conversation (ICAE). */
  data: z
    .enum(
      ['both', 'questions', 'paraphrases', 'answers', 'autoencoding'],
      expected('both, questions, paraphrases, answers or autoencoding'),
    )
    .default('both'),
  /** `encoder`: the generator stays the backbone. */
  train: z.enum(['both', 'encoder'], expected('both or encoder')).optional(),
};

/** What other systems' instruction tuning does otherwise; CLaRa's where it is left out. */
export const instructionVariants = {
  /** Targets: the first gold answers, or answers from a JSONL file of {id, answer} or of predictions. The hash says which file, wherever it lies. */
  answers: z.union([z.literal('gold'), teacherAnswers], expected(ANSWERS)).optional(),
  /** `encoder`: the generator stays the backbone. */
  train: z.enum(['both', 'encoder'], expected('both or encoder')).optional(),
  memoryTokens: z.enum(['frozen', 'trained'], expected('frozen or trained')).optional(),
};

/** Where code and paper of the differentiable top-k differ (differentiable-top-k.ts). */
const topKShape = {
  temperature: z.number(expected('a number above 0')).positive(expected('a number above 0')).default(0.02),
  masking: z.enum(['code', 'paper'], expected('code or paper')).default('code'),
  choice: z.enum(['scores', 'masked'], expected('scores or masked')).default('scores'),
};

/** End-to-end training of query reasoner and generator. */
export const endToEndShape = {
  ...compressionTraining({ learningRate: 5e-6, batch: 32, schedule: 'constant', warmup: 0 }),
  /** Candidates of a question. */
  docs: docsSetting.default('oracle-20'),
  /** Documents that the generator is given. */
  k: count.default(5),
  ...topKShape,
  /** What is learnt from: the answers (one loss for ranker and generator), or which passages are gold (the supervised ranker; the generator stays). */
  objective: z.enum(['answers', 'gold'], expected('answers or gold')).default('answers'),
  /** What is trained of query reasoner and generator. */
  train: z.enum(['both', 'generator', 'query-reasoner'], expected('both, generator or query-reasoner')).default('both'),
  /** What the query reasoner starts from: the compressor (the code), or nothing. */
  queryReasoner: z.enum(['compressor', 'random'], expected('compressor or random')).default('compressor'),
};

const compressor = z.enum(COMPRESSOR_KINDS).default('memory-tokens');

/** All settings of a pretraining job. */
export const pretrainingStage = z.strictObject({
  compressor,
  ...compressionShape,
  ...pretrainingShape,
  ...pretrainingExtensions,
  ...pretrainingVariants,
});
/** All settings of an instruction tuning job. */
export const instructionStage = z.strictObject({
  compressor,
  ...compressionShape,
  ...instructionShape,
  ...instructionVariants,
});
/** All settings of an end-to-end job. */
export const endToEndStage = z.strictObject({ compressor, ...compressionShape, ...endToEndShape });

export type PretrainingStage = z.output<typeof pretrainingStage>;
export type InstructionStage = z.output<typeof instructionStage>;
export type EndToEndStage = z.output<typeof endToEndStage>;
