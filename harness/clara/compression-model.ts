import type { Tensor, Variable } from '../engine/tensorflow.ts';
import type { LoraAdapter } from '../language-model/lora.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { ModelConfig } from '../language-model/model-config.ts';
import type { Tokenizer } from '../language-model/tokenizer/tokenizer.ts';
import type { Projector } from './projector.ts';
import type { SpecialTokens } from './special-tokens.ts';

/**
 * A frozen backbone with what compression adds to it: rows of the embedding (and of an untied output head) for the special tokens, and an adapter for each of the
 * three things that it does. Every pass is given its adapter.
 */
export interface CompressionModel {
  readonly config: ModelConfig;
  readonly weights: DecoderWeights;
  /** With the special tokens. */
  readonly tokenizer: Tokenizer;
  readonly renderChat: LanguageModel['renderChat'];
  readonly special: SpecialTokens;
  /** Embeddings of the memory tokens, [memory, hidden]. */
  readonly memory: Variable;
  /** Embeddings of `<AE>`, `<ENC>`, `<SEP>`, [3, hidden]. */
  readonly others: Tensor;
  /** Rows of the output head for the memory tokens, [memory, hidden], and the others, [3, hidden]; null where the head is the embedding. */
  readonly headRows: readonly [Tensor, Tensor] | null;
  readonly encoder: LoraAdapter;
  /** What document vectors pass through at last; null where nothing does. */
  readonly projector: Projector | null;
  readonly decoder: LoraAdapter;
  /** Reads questions; null before the end-to-end stage. */
  readonly queryReasoner: LoraAdapter | null;
}
