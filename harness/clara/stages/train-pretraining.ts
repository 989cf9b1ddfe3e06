import { deriveSeed } from '../../training/derive-seed.ts';
import { train } from '../../training/train.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { createCompressionModel, type OwnedCompressionModel } from '../create-compression-model.ts';
import { pretrainingPassages } from '../pretraining-passages.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../pretraining-prompts.ts';
import type { PretrainingStage } from '../stage-settings.ts';
import { writeClaraFile } from './checkpoint-folder.ts';
import { compressionDocument } from './compression-document.ts';
import { autoencodingPrompt } from './autoencoding-prompt.ts';
import { compressionTrainable, type CompressionItem } from './compression-trainable.ts';
import { trainedVariables } from './trained-variables.ts';

/** Tokens of a prompt with its answer at most, as in the reference. */
const MAX_PROMPT = 2048;

/** Stage 1, compression pretraining (SCP): compressor, memory tokens and generator learn questions, answers and paraphrases from single documents. */
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
    await writeClaraFile(context.folder, model, base, { stage: 'pretraining', k: 1 });
  } finally {
    trainable.dispose();
    model.dispose();
  }
}

function pretrainingItems(
  model: OwnedCompressionModel,
  { data, paraphrase }: PretrainingStage,
  { examples, seed }: TrainContext,
): CompressionItem[] {
  const plain = (text: string): string => model.tokenizer.withoutControlTokens(text);
  return pretrainingPassages(examples).flatMap(({ text, pairs, paraphrase: given }, at) => {
    const document = compressionDocument(text, model, model.settings);
    if (data === 'autoencoding') return [{ documents: [document], prompt: autoencodingPrompt(model, document) }];
    const asked = answeredPrompt(
      model,
      questionsPrompt(document.count),
      questionsAnswer(pairs.map(({ question, answer }) => ({ question: plain(question), answer: plain(answer) }))),
      MAX_PROMPT,
    );
    const rephrased = answeredPrompt(
      model,
      paraphrasePrompt(document.count, deriveSeed(seed, at) >>> 0),
      plain(paraphrase === 'given' ? (given ?? text) : text),
      MAX_PROMPT,
    );
    const prompts = { both: [asked, rephrased], questions: [asked], paraphrases: [rephrased] }[data];
    return prompts.map((prompt) => ({ documents: [document], prompt }));
  });
}
