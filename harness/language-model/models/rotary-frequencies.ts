/**
 * Radians a position of each pair of rotated dimensions: base^(-2i / dimensions) for i in 0 to dimensions / 2 - 1 (RoFormer, equation 15).
 *
 * @param factors What each pair's frequency is divided by (LongRoPE, or the factors that GGUF stores for Llama 3).
 */
export function rotaryFrequencies(base: number, dimensions: number, factors?: readonly number[]): number[] {
  return Array.from({ length: dimensions / 2 }, (_, i) => 1 / ((factors?.[i] ?? 1) * base ** ((2 * i) / dimensions)));
}
