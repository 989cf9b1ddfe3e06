import { deriveSeed } from '../../training/derive-seed.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { answeredConversation } from '../answered-conversation.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { pretrainingPassages } from '../pretraining-passages.ts';
import { askedPrompt } from '../asked-prompt.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../pretraining-prompts.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';
import type { PretrainingStage } from '../stage-settings.ts';
import { autoencodingPrompt } from './autoencoding-prompt.ts';
import { compressionDocument } from './compression-document.ts';
import type { CompressionItem } from './compression-trainable.ts';

/** Tokens of a prompt with its answer at most, as in the reference. */
const MAX_PROMPT = 2048;

/** What compression pretraining learns of the passages of some questions, at each of the ratios. */
export function pretrainingItems(
  model: OwnedCompressionModel,
  { data, paraphrase, ratio, ratios = [ratio] }: Pick<PretrainingStage, 'data' | 'paraphrase' | 'ratio' | 'ratios'>,
  { examples, seed }: Pick<TrainContext, 'examples' | 'seed'>,
): CompressionItem[] {
  const plain = (text: string): string => model.tokenizer.withoutControlTokens(text);
  return pretrainingPassages(examples).flatMap(({ text, pairs, paraphrase: given }, at) => {
    const plainPairs = pairs.map(({ question, answer }) => ({ question: plain(question), answer: plain(answer) }));
    const asked = questionsAnswer(plainPairs);
    const rephrased = plain(paraphrase === 'given' ? (given ?? text) : text);
    return ratios.flatMap((ratio) => {
      const document = compressionDocument(text, model, { ...model.settings, ratio });
      const { count } = document;
      const prompts = {
        questions: () => [answeredPrompt(model, questionsPrompt(count), asked, MAX_PROMPT)],
        paraphrases: () => [
          answeredPrompt(model, paraphrasePrompt(count, deriveSeed(seed, at) >>> 0), rephrased, MAX_PROMPT),
        ],
        both: () => [...prompts.questions(), ...prompts.paraphrases()],
        answers: () => [answeredConversation(model, askedPrompt(count, plainPairs), MAX_PROMPT)],
        autoencoding: () => [autoencodingPrompt(model, document)],
      };
      return prompts[data]().map((prompt) => ({ documents: [document], prompt }));
    });
  });
}
