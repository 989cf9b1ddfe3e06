import type { LanguageModel } from '../harness/language-model/language-model.ts';
import { selfInformation } from '../harness/language-model/self-information.ts';
import type { LimitedText } from './text-prompt.ts';

/**
 * Of each text the tokens with the highest self-information under the model, in their order, as one text; of equals the earlier. The first token is told after the
 * model's begin token (its end token where there is none). Tokens that stand side by side now may be read as others: where those are more than the limit, fewer are kept.
 */
export async function keepInformative(texts: readonly LimitedText[], model: LanguageModel): Promise<string[]> {
  const { tokenizer, config } = model;
  const begin = tokenizer.beginId ?? tokenizer.endIds[0] ?? tokenizer.padId;
  const sequences = texts.map(({ text, read }) => [
    begin,
    ...tokenizer.encode(text).slice(0, Math.min(read, config.contextLength - 1)),
  ]);
  const information = selfInformation(model, sequences);
  return texts.map(({ limit }, i) => {
    const values = information[i]!;
    const ranked = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
    for (let count = limit; ; count--) {
      const kept = ranked.slice(0, count).sort((a, b) => a - b);
      const text = tokenizer.decode(kept.map((at) => sequences[i]![at + 1]!)).replace(/\uFFFD/gu, '');
      // Decoding can bring parts of a control token together.
      const safe = tokenizer.withoutControlTokens(text);
      if (count === 0 || tokenizer.encode(safe).length <= limit) return safe;
    }
  });
}
