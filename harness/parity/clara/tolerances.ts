import type { Deviations } from '../deviation.ts';

/** What a float32 implementation may be off by from float64 values of the CLaRa reference: the golden values' own suggestion. */
export const TOLERANCE = {
  /** Of losses: absolute, plus the same share of the loss. */
  loss: 1e-5,
  /** Of memory and query vectors and of logits, absolute. */
  vector: 1e-4,
  score: 2e-6,
  /** Of a gradient's norm, relative. */
  norm: 1e-3,
  /** Of a gradient's entries, as a share of its norm. */
  entry: 1e-3,
};

/** An entry of a gradient that is zero everywhere counts as if the gradient's norm were this. */
const ZERO = 1e-3;

/** Notes how far a loss is off, |got - expected| / (1 + |expected|). */
export function compareLoss(all: Deviations, name: string, got: number, expected: number): void {
  all.note(name, Math.abs(got - expected) / (1 + Math.abs(expected)), TOLERANCE.loss);
}

/**
 * Notes how far the entries of a gradient are off, as a share of its norm.
 *
 * @param norm the norm of the whole gradient, where `expected` is only the beginning of it
 * @param rounding what float32 rounding alone may add to an entry
 */
export function compareEntries(
  all: Deviations,
  name: string,
  got: readonly number[],
  expected: readonly number[],
  { norm = euclideanLength(expected), rounding = 0 }: { readonly norm?: number; readonly rounding?: number } = {},
): void {
  const unit = (norm || ZERO) + rounding / TOLERANCE.entry;
  all.compare(name, got.map((x) => x / unit), expected.map((x) => x / unit), TOLERANCE.entry); // prettier-ignore
}

/** The Euclidean norm of numbers. */
export function euclideanLength(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}
