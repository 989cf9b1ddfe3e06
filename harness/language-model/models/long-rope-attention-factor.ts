/**
 * What LongRoPE multiplies sine and cosine with: sqrt(1 + ln(context / original) / ln(original)), 1 where the context was not extended
 * (LongRoPE, section 3.2; as transformers computes it where the configuration names no factor of its own).
 */
export function longRopeAttentionFactor(contextLength: number, originalContextLength = contextLength): number {
  const extension = contextLength / originalContextLength;
  return extension <= 1 ? 1 : Math.sqrt(1 + Math.log(extension) / Math.log(originalContextLength));
}
