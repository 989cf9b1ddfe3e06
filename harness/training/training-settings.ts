import { z } from 'zod';
import { expected } from '../expected.ts';

const count = z.int(expected('a whole number of at least 1')).min(1, expected('a whole number of at least 1'));
const positive = z.number(expected('a number above 0')).positive(expected('a number above 0'));
const share = z
  .number(expected('a number from 0 to below 1'))
  .min(0, expected('a number from 0 to below 1'))
  .lt(1, expected('a number from 0 to below 1'));

/** A part of the training items that is held out; its loss is measured every so many steps and at the last. */
const validation = z
  .strictObject(
    {
      share: share.max(0.5, expected('a number from 0 to 0.5')).default(0),
      every: count.default(50),
      /** Validations in a row without a new best loss after which training ends; null trains to the end. */
      patience: count.nullable().default(null),
    },
    expected('share, every and patience'),
  )
  .prefault({});

const SHAPE = {
  /** Updates of the weights. A trainer without a default of its own wants it given. */
  steps: count,
  /** Items an update. */
  batch: count.default(128),
  /** Items computed at once; a batch's micro-batches have items of like length, and their gradients are averaged. */
  microBatch: count.default(2),
  learningRate: positive.default(1e-4),
  schedule: z.enum(['cosine', 'constant'], expected('cosine or constant')).default('cosine'),
  /** Share of the steps over which the learning rate rises from 0. */
  warmup: share.default(0.03),
  /** What the cosine ends at, as a share of the learning rate. */
  floor: z
    .number(expected('a number from 0 to 1'))
    .min(0, expected('a number from 0 to 1'))
    .max(1, expected('a number from 0 to 1'))
    .default(0.1),
  beta1: share.default(0.9),
  beta2: share.default(0.95),
  epsilon: positive.default(1e-8),
  weightDecay: z.number(expected('a number of at least 0')).min(0, expected('a number of at least 0')).default(0),
  /** What takes the steps: AdamW, or Muon for the matrices of linear layers and of their low-rank additions, which wants a learning rate of about 0.02 where AdamW has 1e-3. */
  optimizer: z.enum(['adamw', 'muon'], expected('adamw or muon')).default('adamw'),
  /** Beside Muon, AdamW's learning rate for all else (embeddings, norms, memory tokens), as a share of Muon's. */
  adamShare: positive.default(0.2),
  /** Largest norm of all gradients together; null leaves them as they are. */
  clip: positive.nullable().default(1),
  /** Recompute each block in the backward pass: less memory, more time. */
  checkpointed: z.boolean(expected('true or false')).default(false),
  /** Items in a new order each epoch, drawn by the seed, or in the order given. */
  order: z.enum(['shuffled', 'given'], expected('shuffled or given')).default('shuffled'),
  /** Steps between checkpoints. */
  saveEvery: count.default(10),
  validation,
};

/** How a stage is trained. */
export type TrainingSettings = Omit<Settings, keyof Optimizer> & Partial<Optimizer>;

type Settings = z.output<z.ZodObject<typeof SHAPE>>;
type Optimizer = Pick<Settings, 'optimizer' | 'adamShare'>;

/**
 * The settings of every training, to be spread into a stage's own strict schema. Defaults are those of CLaRa's reference implementation; a stage gives its own where they differ
 * (end to end: learning rate 5e-6, batch 32, constant without warm-up).
 */
export function trainingSettings(defaults: Partial<TrainingSettings> = {}): typeof SHAPE {
  const shape: Record<string, z.ZodType> = { ...SHAPE };
  for (const [name, value] of Object.entries(defaults)) {
    const field = SHAPE[name as keyof TrainingSettings];
    shape[name] = (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field).prefault(value);
  }
  return shape as typeof SHAPE;
}
