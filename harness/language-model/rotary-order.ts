import type { ModelConfig } from './model-config.ts';

/**
 * The order in which the engine keeps the dimensions of a query or key head: rotary pairs, which Hugging Face's models hold rotaryDimensions / 2 apart, side by side.
 *
 * @returns for each row of a projection of `heads` heads, the Hugging Face row that stands there
 */
export function pairedRows({ headSize, rotaryDimensions }: ModelConfig, heads: number): number[] {
  const half = rotaryDimensions / 2;
  const head = Array.from({ length: headSize }, (_, i) =>
    i >= rotaryDimensions ? i : i % 2 === 0 ? i / 2 : half + (i - 1) / 2,
  );
  return Array.from(
    { length: heads * headSize },
    (_, row) => Math.floor(row / headSize) * headSize + head[row % headSize]!,
  );
}

/** The inverse of a row order: where each row went. */
export function inverseOrder(order: readonly number[]): number[] {
  const inverse = new Array<number>(order.length);
  order.forEach((from, to) => (inverse[from] = to));
  return inverse;
}
