import type { Tensor } from '../engine/tensorflow.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import type { ModelConfig } from './model-config.ts';
import type { Message, Tokenizer } from './tokenizer/tokenizer.ts';

/** How to generate. Without a temperature (or with 0) greedy. */
export interface GenerateOptions {
  readonly maxNewTokens: number;
  /** Prompts computed together; prompts are sorted by length first and given back in the order asked. */
  readonly batch?: number;
  readonly temperature?: number;
  /** Nucleus sampling: the smallest set of tokens whose probability reaches this. */
  readonly topP?: number;
  readonly seed?: number;
  /** Ids that end a row; the tokenizer's by default. */
  readonly endIds?: readonly number[];
  /** For each prompt the vectors that stand in it. */
  readonly overlays?: readonly Overlay[];
}

/** Vectors that stand in a prompt instead of its tokens' embeddings. */
export interface Overlay {
  /** Places in the prompt, rising. */
  readonly positions: readonly number[];
  /** [positions, hidden] */
  readonly vectors: Tensor;
}

/** What one prompt was continued with. */
export interface Generation {
  /** New ids, the end token included where one was reached. */
  readonly ids: readonly number[];
  /** The new ids as text, without special tokens. */
  readonly text: string;
  readonly stopped: 'end' | 'length';
  /** Milliseconds, a batch's time divided by its prompts. */
  readonly ms: { readonly prefill: number; readonly decode: number };
}

/** A loaded backbone that answers. */
export interface LanguageModel {
  readonly id: string;
  readonly hash: string;
  readonly config: ModelConfig;
  /** Its weights on the engine, for training and for systems that compute with hidden states. */
  readonly weights: DecoderWeights;
  readonly tokenizer: Tokenizer;
  /** The stand-in of a plan, which counts the prompts that it is asked and has no weights: a trained system asks it in place of its own. */
  readonly counting?: true;
  renderChat(messages: readonly Message[], options?: { readonly addGenerationPrompt?: boolean }): string;
  /** Continues prompts of any lengths. Prompt + maxNewTokens must fit into config.contextLength. @throws InputError naming the prompt that does not. */
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Generation[]>;
  /** Frees the weights. */
  dispose(): void;
}
