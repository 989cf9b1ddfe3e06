import { z } from 'zod';
import { expected } from '../harness/expected.ts';
import type { System } from '../harness/system.ts';
import { answerWithText } from './answer-with-text.ts';
import { budgetSettings } from './document-budget.ts';
import { firstTokens } from './first-tokens.ts';
import { keepLikelyWords } from './keep-likely-words.ts';
import { checkSettings, docsSetting, promptSetting } from './settings.ts';
import type { TokenClassifier } from './token-classifier.ts';
import { promptLength, type ShortenTexts, type TextChoice } from './text-prompt.ts';

const FOLDER = 'the folder of a token classifier (model.onnx, tokenizer.json)';
const HASH = 'the SHA-256 of its model.onnx, 64 hexadecimal digits';
const schema = z.strictObject({
  docs: docsSetting,
  prompt: promptSetting,
  ...budgetSettings,
  classifier: z.string(expected(FOLDER)).min(1, expected(FOLDER)),
  /** What the answers depend on, wherever the folder is. */
  classifierSha256: z.string(expected(HASH)).regex(/^[0-9a-f]{64}$/, expected(HASH)),
});

/**
 * Hard compression by a token classifier (Pan et al., 2024, LLMLingua-2, arXiv 2403.12968): an encoder that was trained on what GPT-4 left of meeting transcripts says of each word
 * how likely it must stay; the likeliest stay, in their order, as many as compression at the ratio has vectors; the backbone answers zero-shot.
 *
 * Differs from its publication: each document has its own budget, in tokens of the backbone (there: a share of all documents' words), only its first documentMaxLength tokens are read, and
 * words are what white space parts. The weights are not shipped: llmlingua-2-xlm-roberta-large-meetingbank, exported to ONNX, in a folder of the user's.
 */
export const llmlingua2: System = {
  id: 'llmlingua-2',
  description:
    'as text, of each document the words that a token classifier keeps, as many as a compression ratio would leave',
  settings: checked,
  length: (example, given) => promptLength(example, choice(given)),
  // A classifier that cannot be had is no question's failure.
  prepare: async (_, { settings }) => {
    await opened(checked(settings));
  },
  predict: (examples, context) => answerWithText(examples, context, choice(context.settings)),
};

function choice(given: Readonly<Record<string, unknown>>): TextChoice {
  const { docs, prompt, classifier, classifierSha256, ...budget } = checked(given);
  const shorten: ShortenTexts = async (texts, { tokenizer }) => {
    if (texts.length === 0) return [];
    const classes = await opened({ classifier, classifierSha256 });
    const kept: string[] = [];
    for (const { text, read, limit } of texts) {
      const words = firstTokens(text, read, tokenizer)
        .split(/\s+/u)
        .filter((word) => word !== '');
      kept.push(keepLikelyWords(words, await classes.probabilities(words), limit, tokenizer));
    }
    return kept;
  };
  return { docs, prompt, budget, shorten };
}

/** The classifier that was asked last: a job asks block after block. */
let last: { readonly key: string; readonly classifier: TokenClassifier } | undefined;

async function opened(given: {
  readonly classifier: string;
  readonly classifierSha256: string;
}): Promise<TokenClassifier> {
  const { classifier: folder, classifierSha256: hash } = given;
  const key = `${hash} ${folder}`;
  if (last?.key !== key) {
    const { openTokenClassifier } = await import('./token-classifier.ts');
    last = { key, classifier: await openTokenClassifier(folder, hash) };
  }
  return last.classifier;
}

function checked(given: Readonly<Record<string, unknown>>) {
  return checkSettings('llmlingua-2', schema, given);
}
