import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import type { Tokenizer } from '../../harness/language-model/tokenizer/tokenizer.ts';

const CONTROL = ['<|im_start|>', '<|im_end|>'] as const;
const FIRST_BYTE = 10;

/** One token a UTF-8 byte, two control tokens, and U+0001 without a token: it is dropped, as byte-level vocabularies with holes do. */
export const byteTokenizer: Tokenizer = {
  encode: (text) =>
    text.split(/(<\|im_start\|>|<\|im_end\|>)/).flatMap((part) => {
      const control = (CONTROL as readonly string[]).indexOf(part);
      if (control >= 0) return [control + 1];
      return [...Buffer.from(part, 'utf8')].filter((byte) => byte !== 1).map((byte) => byte + FIRST_BYTE);
    }),
  decode: (ids) => Buffer.from(ids.filter((id) => id >= FIRST_BYTE).map((id) => id - FIRST_BYTE)).toString('utf8'),
  withoutControlTokens: (text) => text.replace(/<\|(im_start|im_end)\|>/g, '< |$1|>'),
  withTokens: () => {
    throw new Error('this tokenizer takes no further tokens');
  },
  vocabularySize: 256 + FIRST_BYTE,
  endIds: [2],
  beginId: null,
  padId: 0,
};

/** A model that answers with the number of tokens in its prompt; `calls` keeps what it was given. */
export function byteModel(contextLength = 8192): LanguageModel & { readonly calls: number[][][] } {
  const calls: number[][][] = [];
  return {
    calls,
    id: 'byte-model',
    hash: '0'.repeat(64),
    config: {
      architecture: 'llama',
      vocabularySize: byteTokenizer.vocabularySize,
      hiddenSize: 2,
      intermediateSize: 2,
      layers: 1,
      heads: 1,
      keyValueHeads: 1,
      headSize: 2,
      rmsNormEpsilon: 1e-5,
      rotaryDimensions: 2,
      inverseFrequencies: [1],
      rotaryScale: 1,
      attentionBias: false,
      queryKeyNorm: false,
      tiedEmbeddings: true,
      contextLength,
      slidingWindow: null,
    },
    get weights(): never {
      throw new Error('this model has no weights');
    },
    tokenizer: byteTokenizer,
    renderChat: (messages, { addGenerationPrompt = false } = {}) =>
      messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('') +
      (addGenerationPrompt ? '<|im_start|>assistant\n' : ''),
    async generate(prompts) {
      calls.push(prompts.map((prompt) => [...prompt]));
      return prompts.map((prompt) => {
        const text = `${prompt.length} tokens`;
        return { ids: [...byteTokenizer.encode(text), 2], text, stopped: 'end', ms: { prefill: 2, decode: 1 } };
      });
    },
    dispose: () => undefined,
  };
}
