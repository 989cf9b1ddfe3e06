import type { ModelConfig } from './model-config.ts';
import type { Message, Tokenizer } from './tokenizer/tokenizer.ts';
import type { WeightSource } from './weights/weight-source.ts';

/** A model as it lies on the disk, opened but not loaded: its shape, its weights by range, its tokenizer and chat template. */
export interface ModelFiles {
  /** The id or path that was asked for. */
  readonly id: string;
  /** SHA-256 over the hashes of the files that decide its answers (weights, tokenizer, template). */
  readonly hash: string;
  readonly config: ModelConfig;
  readonly weights: WeightSource;
  readonly tokenizer: Tokenizer;
  /** Renders a conversation with the model's template; a template without a system role gets the system text and a newline in front of the user's. */
  renderChat(messages: readonly Message[], options?: { readonly addGenerationPrompt?: boolean }): string;
}
