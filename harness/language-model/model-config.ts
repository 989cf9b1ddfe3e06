/** The decoder families that are supported; the difference between them is all in the fields of ModelConfig. */
export type Architecture = 'llama' | 'mistral' | 'qwen2' | 'qwen3' | 'phi3';

/** The shape of a decoder-only language model of the Llama family, whatever file it came from (Hugging Face config.json or GGUF metadata). */
export interface ModelConfig {
  readonly architecture: Architecture;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  /** Width of the SwiGLU feed-forward layer. */
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Grouped-query attention: query head h reads key/value head floor(h / (heads / keyValueHeads)). */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly rmsNormEpsilon: number;
  /** Leading dimensions of a head that are rotated (all of them but for partial rotary); even. */
  readonly rotaryDimensions: number;
  /** Radians a position for each of the rotaryDimensions / 2 pairs, any scaling (Llama 3, linear, LongRoPE short factors) applied. Pair i is dimensions i and i + rotaryDimensions / 2. */
  readonly inverseFrequencies: readonly number[];
  /** Multiplies sine and cosine (LongRoPE's attention factor); 1 elsewhere. */
  readonly rotaryScale: number;
  /** Whether the q, k and v projections have biases (Qwen2). */
  readonly attentionBias: boolean;
  /** Whether each head's queries and keys pass an RMS norm before the rotation (Qwen3). */
  readonly queryKeyNorm: boolean;
  /** Whether the output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean;
  /** Longest sequence, in tokens, that the model may be given. */
  readonly contextLength: number;
  /** Positions that a row attends to, itself included, or null for all before it. */
  readonly slidingWindow: number | null;
}
