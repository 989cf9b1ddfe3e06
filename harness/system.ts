import { z } from 'zod';
import type { Example } from '../datasets/example.ts';
import type { LanguageModel } from './language-model/language-model.ts';
import type { Prediction } from './prediction.ts';
import type { TrainingStage } from './training/training-stage.ts';

/** A question that a system could not answer: recorded as a failure, never scored as a wrong answer. */
export const failureSchema = z.strictObject({ id: z.string().min(1), error: z.string() });

/** A question that a system could not answer, and why. */
export type Failure = Readonly<z.infer<typeof failureSchema>>;

/** What a system is given to answer with. Settings that only some systems read are checked by their own schema. */
export interface PredictContext {
  /** Opens the backbone (loaded once and shared), named by model id or folder. */
  readonly model: () => Promise<LanguageModel>;
  /** Tokens generated at most for one answer. */
  readonly maxNewTokens: number;
  /** Questions generated together; has no influence on the answers. */
  readonly batch: number;
  readonly seed: number;
  /** The system's own settings, as in the suite or on the command line (`docs`, `ratio`, ...). */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The finished folder of the last stage of the system's training; null for a system that is not trained. */
  readonly trained: string | null;
  /** Folder of what several jobs share (document vectors), under content keys. */
  readonly cache: string;
}

/** A competitor: answers questions from their candidate documents. */
export interface System {
  readonly id: string;
  /** One line for `--help` and reports. */
  readonly description: string;
  /** Checks the settings and fills defaults in; what it returns goes into the job's key. @throws InputError listing every bad setting. */
  settings(given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /**
   * About how much it reads for an example (characters, prompt and question), by which the caller sorts the questions before it cuts blocks: questions of like length
   * are computed together. Without it, the length of the question and of all candidates. Must depend on nothing but its arguments.
   */
  length?(example: Example, settings: Readonly<Record<string, unknown>>): number;
  /**
   * The last stage of the training that its answers come from; those before it hang on it. Null, or left out, where nothing is trained.
   * Cheap, and without the engine: plans ask for it.
   */
  training?(settings: Readonly<Record<string, unknown>>): TrainingStage | null;
  /** False for a system that only ranks the candidates: its predictions are empty, and quality of answers is not measured. */
  readonly answers?: boolean;
  /** Called once before the first block, with all examples of the job: work that is best done for all at once (compressing the documents). Called again after an interruption. */
  prepare?(examples: readonly Example[], context: PredictContext): Promise<void>;
  /**
   * Answers a block of examples. Results come in the order of the examples given, each with the example's id.
   * The caller decides the blocks: the same block gives the same answers, to the last character.
   */
  predict(examples: readonly Example[], context: PredictContext): AsyncIterable<Prediction | Failure>;
}
