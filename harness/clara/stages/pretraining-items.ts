import { deriveSeed } from '../../training/derive-seed.ts';
import { shuffled } from '../../training/shuffled.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { answeredConversation } from '../answered-conversation.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { fewerSlots } from '../fewer-slots.ts';
import { pretrainingPassages, type PretrainingPassage } from '../pretraining-passages.ts';
import { askedPrompt } from '../asked-prompt.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../pretraining-prompts.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';
import type { PretrainingStage } from '../stage-settings.ts';
import { autoencodingPrompt } from './autoencoding-prompt.ts';
import { compressionDocument, type CompressionDocument } from './compression-document.ts';
import type { CompressionItem } from './compression-trainable.ts';

type Pairs = PretrainingPassage['pairs'];

/** Tokens of a prompt with its answer at most, as in the reference. */
const MAX_PROMPT = 2048;

/** Questions of an item of several passages at most. */
const MOST_QUESTIONS = 8;

type ItemsSettings = Pick<PretrainingStage, 'data' | 'paraphrase' | 'ratio' | 'ratios' | 'passages'>;

/** What compression pretraining learns of the passages of some questions, at each of the ratios. */
export function pretrainingItems(
  model: OwnedCompressionModel,
  settings: ItemsSettings,
  { examples, seed }: Pick<TrainContext, 'examples' | 'seed'>,
): CompressionItem[] {
  const { data, ratio, ratios = [ratio], passages = 1 } = settings;
  const all = pretrainingPassages(examples);
  const documentsOf = (group: readonly PretrainingPassage[]): CompressionDocument[][] =>
    ratios.map((ratio) => group.map(({ text }) => compressionDocument(text, model, { ...model.settings, ratio })));
  return all.flatMap((passage, at) => {
    const own = deriveSeed(seed, at);
    if (data !== 'answers') {
      return documentsOf([passage]).flatMap(([document]) =>
        passageItems(model, document!, passage, { ...settings, data }, own),
      );
    }
    if (passages === 1) return answersItems(model, documentsOf([passage]), passage.pairs);
    const group = Array.from({ length: 1 + (at % passages) }, (_, next) => all[(at + next) % all.length]!);
    return answersItems(model, documentsOf(group), drawn(group, own));
  });
}

/** What is learnt of one passage. */
function passageItems(
  model: OwnedCompressionModel,
  document: CompressionDocument,
  { text, pairs, paraphrase: given }: PretrainingPassage,
  { data, paraphrase }: ItemsSettings & { readonly data: Exclude<PretrainingStage['data'], 'answers'> },
  seed: number,
): CompressionItem[] {
  const { count } = document;
  const prompts = {
    questions: () => [answeredPrompt(model, questionsPrompt(count), questionsAnswer(plainPairs(model, pairs)), MAX_PROMPT)], // prettier-ignore
    paraphrases: () => {
      const rephrased = model.tokenizer.withoutControlTokens(paraphrase === 'given' ? (given ?? text) : text);
      return [answeredPrompt(model, paraphrasePrompt(count, seed >>> 0), rephrased, MAX_PROMPT)];
    },
    both: () => [...prompts.questions(), ...prompts.paraphrases()],
    autoencoding: () => [autoencodingPrompt(model, document)],
  };
  return prompts[data]().map((prompt) => ({ documents: [document], prompt }));
}

/** Questions on some documents, asked one after the other, whose answers are learnt: an item for each ratio, from the least. */
function answersItems(
  model: OwnedCompressionModel,
  documentsByRatio: readonly (readonly CompressionDocument[])[],
  pairs: Pairs,
): CompressionItem[] {
  const counts = documentsByRatio.map((documents) => documents.map(({ count }) => count));
  const most = answeredConversation(model, askedPrompt(counts[0]!, plainPairs(model, pairs)));
  return documentsByRatio.map((documents, at) => {
    const { ids, targets } = fewerSlots(most, model.special, counts[at]!);
    return { documents, prompt: { ids: ids.slice(0, MAX_PROMPT), targets: targets.slice(0, MAX_PROMPT) } };
  });
}

/** Some of the questions on the passages of a group, in an order drawn by the seed. */
function drawn(group: readonly PretrainingPassage[], seed: number): Pairs {
  const pairs = group.flatMap(({ pairs }) => pairs);
  return shuffled(pairs.length, seed).slice(0, MOST_QUESTIONS).map((at) => pairs[at]!); // prettier-ignore
}

function plainPairs({ tokenizer }: OwnedCompressionModel, pairs: Pairs): Pairs {
  return pairs.map(({ question, answer }) => ({
    question: tokenizer.withoutControlTokens(question),
    answer: tokenizer.withoutControlTokens(answer),
  }));
}
