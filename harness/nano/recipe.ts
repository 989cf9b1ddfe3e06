import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { expected } from '../expected.ts';

const whole = (least: number) => {
  const message = expected(`a whole number of at least ${least}`);
  return z.int(message).min(least, message);
};
const positive = z.number(expected('a number above 0')).positive(expected('a number above 0'));
const share = z
  .number(expected('a number from 0 to 1'))
  .min(0, expected('a number from 0 to 1'))
  .max(1, expected('a number from 0 to 1'));

/** Least and most of what is drawn. */
const range = (most: number) => {
  const message = expected(`[least, most], from 1 to ${most}`);
  return z.tuple([z.int(message).min(1, message), z.int(message).max(most, message)], message).refine(([a, b]) => a <= b, message); // prettier-ignore
};

const shape = z.strictObject({
  hidden: whole(8),
  layers: whole(1),
  heads: whole(1),
  headSize: z.int(expected('an even number')).min(2).multipleOf(2, expected('an even number')),
  feedForward: whole(8),
  /** Base of the rotary frequencies. */
  theta: positive,
  contextLength: whole(64).default(2048),
  epsilon: positive.default(1e-5),
});

const initialisation = z
  .strictObject({
    /** m of W_k = m W_q + sqrt(1 - m^2) noise and W_o = m W_v^T + sqrt(1 - m^2) noise (Trockman and Kolter, 2023, arXiv 2305.09828); 0: none. */
    mimetic: share.default(0),
    /** Factor of what writes into the residual stream; null: 1 / sqrt(2 layers). */
    residual: positive.nullable().default(null),
    /** Strengths of the induction circuit that the first two layers start as (induction-circuit.ts); null: none. */
    induction: z
      .strictObject({
        type: positive.default(6),
        near: positive.default(2),
        distance: positive.default(3),
        write: positive.default(2),
        match: positive.default(1.4),
      })
      .nullable()
      .default(null),
    /** Factor of the first logits, whose standard deviation is about 1 without it. */
    logits: positive.default(1),
  })
  .prefault({});

const phase = z.strictObject({
  steps: whole(1),
  /** Sequences a step. */
  batch: whole(1).default(32),
  /** Passages of a context, least and most; drawn for each step. */
  documents: range(24).default([1, 4]),
  /** Probability that all passages of a context state the same attributes. */
  shared: share.default(0.8),
  /** Probability that a passage's name has a word of another's. */
  names: share.default(0.25),
  /** Facts of a passage, least and most; drawn for each step. */
  facts: range(6).default([4, 4]),
  /** Questions on a context, one after the other. */
  questions: whole(1).default(8),
  /** Share of steps that ask without passages. */
  closed: share.default(0),
  /** Share of steps that ask for a passage in other words. */
  paraphrase: share.default(0),
  /** Weight of the loss on what is not an answer: passages, paraphrases, ends of answers. */
  lm: z.number(expected('a number of at least 0')).min(0, expected('a number of at least 0')).default(0.3),
  /** Of the matrices, with Muon. */
  learningRate: positive.default(0.02),
  /** Steps over which the rates rise from 0. */
  warmup: whole(0).default(30),
  /** Share of the phase's steps, at its end, over which they fall in a line. */
  decay: share.default(0.4),
  /** What they fall to, as a share. */
  floor: share.default(0.05),
});

const recipeSchema = z.strictObject({
  seed: whole(0).default(0),
  model: shape,
  initialisation,
  optimiser: z
    .strictObject({
      momentum: share.default(0.95),
      /** Adam's learning rate as a share of Muon's: of norms, and of the embedding as if its standard deviation were 1 / sqrt(hidden). */
      adamShare: positive.default(0.2),
      beta1: share.default(0.9),
      beta2: share.default(0.98),
      weightDecay: z.number().min(0).default(0),
      clip: positive.nullable().default(1),
    })
    .prefault({}),
  validation: z.strictObject({ every: whole(1).default(250), contexts: whole(1).default(64) }).prefault({}),
  saveEvery: whole(1).default(250),
  phases: z.array(phase).min(1),
});

/** How nano is pretrained: its shape, its first weights, and what it reads when. */
export type Recipe = z.output<typeof recipeSchema>;

/** A part of a pretraining with its own data and rates. */
export type Phase = Recipe['phases'][number];

/**
 * Reads a recipe (YAML).
 *
 * @throws InputError naming all that is wrong
 */
export async function readRecipe(file: string): Promise<Recipe> {
  let given: unknown;
  try {
    given = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${file}: expected a recipe in YAML, got: ${(error as Error).message}`, { cause: error });
  }
  const parsed = recipeSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, file));
  return parsed.data;
}

/**
 * The recipe with all steps multiplied by a factor (at least one a phase): for tests, and for looks at a part of the way.
 *
 * @throws InputError where the factor is not a number above 0
 */
export function scaledRecipe(recipe: Recipe, factor: number): Recipe {
  if (!(factor > 0 && factor < Infinity)) throw new InputError(`steps-scale: expected a number above 0, got ${factor}`);
  const scaled = (steps: number): number => Math.max(1, Math.round(steps * factor));
  return {
    ...recipe,
    validation: { ...recipe.validation, every: scaled(recipe.validation.every) },
    saveEvery: scaled(recipe.saveEvery),
    phases: recipe.phases.map((each) => ({
      ...each,
      steps: scaled(each.steps),
      warmup: Math.round(each.warmup * factor),
    })),
  };
}

/** The phase of a step (from 1), and the step's number in it (from 1). */
export function phaseAt({ phases }: Pick<Recipe, 'phases'>, step: number): { phase: Phase; step: number } {
  let within = step;
  for (const each of phases) {
    if (within <= each.steps) return { phase: each, step: within };
    within -= each.steps;
  }
  throw new RangeError(`expected a step of the recipe, got ${step}`);
}

/** Rates of a step, as a share of the phase's: rising, level, falling. */
export function rateShare({ steps, warmup, decay, floor }: Phase, step: number): number {
  const rising = warmup === 0 ? 1 : Math.min(1, step / warmup);
  const falling = decay === 0 ? 1 : Math.min(1, (steps - step) / (decay * steps));
  return rising * Math.max(floor, falling);
}
