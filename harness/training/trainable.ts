import type { Tensor, Variable } from '../engine/tensorflow.ts';

/** A variable by its name in a checkpoint; `order` is its row order in the engine where that differs from the checkpoint's (harness/language-model/lora.ts). */
export interface NamedVariable {
  readonly name: string;
  readonly variable: Variable;
  readonly order?: readonly number[];
  /** Whether the engine keeps the matrix transposed; `order` is that of the checkpoint's rows. */
  readonly transposed?: boolean;
}

/** Scalars by name: `loss`, what is minimised, and where it has several parts those too (`crossEntropy`, `alignment`, ...). The caller frees them. */
export type LossTerms = Readonly<Record<string, Tensor>> & { readonly loss: Tensor };

/** Something that is trained: what the training loop knows of a model, its loss and its data. */
export interface Trainable<Item> {
  /** What is trained, in a fixed order. */
  readonly variables: readonly NamedVariable[];
  /** Rows that go through the decoder for an item: what batches are packed by and speed is measured in. */
  tokens(item: Item): number;
  /**
   * Loss of a micro-batch and its gradients, in the order of `variables`; the caller frees both. The mean is over all target tokens of the micro-batch.
   *
   * @param seed of the dropout masks; the same seed and items give the same bytes
   */
  gradients(items: readonly Item[], seed: number): { terms: LossTerms; gradients: Tensor[] };
  /** The terms of a micro-batch without dropout and gradients, for validation. */
  evaluate(items: readonly Item[]): LossTerms;
  /** Frees what it holds beside the variables (recorded graphs). */
  dispose(): void;
}
