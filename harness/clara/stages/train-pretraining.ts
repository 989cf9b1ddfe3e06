import { deriveSeed } from '../../training/derive-seed.ts';
import { train } from '../../training/train.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { answeredConversation } from '../answered-conversation.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { createCompressionModel, type OwnedCompressionModel } from '../create-compression-model.ts';
import { pretrainingPassages } from '../pretraining-passages.ts';
import { askedPrompt } from '../asked-prompt.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../pretraining-prompts.ts';
import type { PretrainingStage } from '../stage-settings.ts';
import { writeClaraFile } from './checkpoint-folder.ts';
import { compressionDocument } from './compression-document.ts';
import { autoencodingPrompt } from './autoencoding-prompt.ts';
import { compressionTrainable, type CompressionItem } from './compression-trainable.ts';
import { trainedVariables } from './trained-variables.ts';

/** Tokens of a prompt with its answer at most, as in the reference. */
const MAX_PROMPT = 2048;

/**
 * Stage 1, compression pretraining (SCP): compressor, memory tokens and generator learn questions, answers and paraphrases from single documents; with several ratios from each document at
 * each of them, by the first memory tokens (the others are classes of the output all the same, which moves the loss by less than the logarithm of their share).
 */
export async function trainPretraining(settings: PretrainingStage, context: TrainContext): Promise<void> {
  const base = await context.model();
  const model = createCompressionModel(base, settings, context.seed);
  const { trained, frozen } = trainedVariables(model, {
    decoder: settings.train !== 'encoder',
    memory: settings.compressor === 'memory-tokens',
    special: settings.data === 'autoencoding',
  });
  const trainable = compressionTrainable(model, trained, settings.alignment, settings);
  try {
    await train(trainable, pretrainingItems(model, settings, context), settings, { ...context, frozen });
    await writeClaraFile(context.folder, model, base, { stage: 'pretraining', k: 1, ratios: settings.ratios });
  } finally {
    trainable.dispose();
    model.dispose();
  }
}

function pretrainingItems(
  model: OwnedCompressionModel,
  { data, paraphrase, ratio, ratios = [ratio] }: PretrainingStage,
  { examples, seed }: TrainContext,
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
