import path from 'node:path';
import { writeAtomically } from '../files/write-atomically.ts';
import type { TargetedSequence } from '../language-model/language-model-loss.ts';
import { saveVariables } from '../training/save-variables.ts';
import type { NamedVariable } from '../training/trainable.ts';

/** A document as the compressor reads it: the ids of its text and the number of its memory tokens. */
interface Document {
  readonly ids: readonly number[];
  readonly count: number;
}

/** What a nano row computes, in token ids, for the peer (peers/nano.py). */
export interface NanoWork {
  readonly kind: 'text-step' | 'clara-step' | 'text-answers' | 'clara-answers';
  /** What the row counts in one go. */
  readonly units: number;
  readonly scale?: number;
  readonly learningRate?: number;
  readonly alignment?: number;
  /** Sequences to learn from, or prompts to continue. */
  readonly sequences?: readonly TargetedSequence[];
  readonly prompts?: readonly (readonly number[])[];
  readonly documents?: readonly Document[];
  readonly questions?: readonly Document[];
  /** Of each question its candidates, by their places among the documents. */
  readonly candidates?: readonly (readonly number[])[];
  readonly k?: number;
  readonly firstMemory?: number;
  readonly memory?: number;
  readonly newTokens?: number;
  readonly batch?: number;
  readonly endIds?: readonly number[];
}

/** Writes a row's work with the weights that it starts from, `trained` among them, into a folder. */
export async function writeNanoWork(
  folder: string,
  work: NanoWork,
  variables: readonly NamedVariable[],
  trained: readonly NamedVariable[] = [],
): Promise<void> {
  await saveVariables(path.join(folder, 'start.safetensors'), variables);
  await writeAtomically(path.join(folder, 'work.json'), JSON.stringify({ ...work, trained: trained.map(({ name }) => name) })); // prettier-ignore
}
