import type { LanguageModel } from '../language-model/language-model.ts';
import type { ModelFiles } from '../language-model/model-files.ts';

/** A model without weights that counts what it is asked. */
export interface CountingModel {
  readonly model: LanguageModel;
  /** Tokens of each prompt that it was given so far. */
  readonly promptTokens: readonly number[];
}

/**
 * Stands in for a model while a plan is made: systems build their prompts with the real tokenizer and template, and get empty answers.
 * What needs the weights throws.
 */
export function countingModel({ id, hash, config, tokenizer, renderChat }: ModelFiles): CountingModel {
  const promptTokens: number[] = [];
  const model: LanguageModel = {
    id,
    hash,
    config,
    tokenizer,
    renderChat,
    counting: true,
    get weights(): never {
      throw new Error('the weights are not loaded while a plan is made');
    },
    generate: (prompts) => {
      promptTokens.push(...prompts.map((prompt) => prompt.length));
      return Promise.resolve(
        prompts.map(() => ({ ids: [], text: '', stopped: 'end' as const, ms: { prefill: 0, decode: 0 } })),
      );
    },
    dispose: () => undefined,
  };
  return { model, promptTokens };
}
