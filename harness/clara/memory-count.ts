/** How many vectors a document gets: the same for all, or in proportion to its length (the paper's text says the second, its code does the first). */
export type MemoryRule = 'fixed' | 'proportional';

/** What decides how many vectors a document gets. */
export interface MemorySettings {
  /** Nominal compression ratio. */
  readonly ratio: number;
  /** Tokens of a document's text that are read at most. */
  readonly documentMaxLength: number;
  readonly memory: MemoryRule;
}

/** Most vectors that a document gets, and so the number of memory tokens: floor(documentMaxLength / ratio), or its ceiling where the rule is proportional; at least 1. */
export function mostMemory({ ratio, documentMaxLength, memory }: MemorySettings): number {
  const most = documentMaxLength / ratio;
  return Math.max(1, memory === 'fixed' ? Math.floor(most) : Math.ceil(most));
}

/** Vectors of a document whose text has `tokens` tokens: all of them, or ceil(tokens / ratio), at least 1. */
export function memoryCount(settings: MemorySettings, tokens: number): number {
  const most = mostMemory(settings);
  return settings.memory === 'fixed' ? most : Math.min(most, Math.max(1, Math.ceil(tokens / settings.ratio)));
}
