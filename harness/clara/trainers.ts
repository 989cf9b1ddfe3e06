import type { Example } from '../../datasets/example.ts';
import { chooseDocuments } from '../../baselines/choose-documents.ts';
import { documentText } from '../prompt.ts';
import type { Trainer } from '../training/training-stage.ts';
import { mostMemory } from './memory-count.ts';
import { pretrainingPassages } from './pretraining-passages.ts';
import { endToEndStage, instructionStage, pretrainingStage, type InstructionStage } from './stage-settings.ts';

/** Tokens of a template with its system turn, about. */
const TEMPLATE = 60;
/** A pass without gradients takes about this share of a training step's time. */
const FORWARD_SHARE = 1 / 3;

type Count = (text: string) => number;

/** Stage 1, compression pretraining. */
export const pretraining: Trainer = {
  id: 'clara/pretraining',
  train: async (settings, context) => {
    const { trainPretraining } = await import('./stages/train-pretraining.ts');
    return trainPretraining(pretrainingStage.parse(settings), context);
  },
  rows: (given, examples, count) => {
    const settings = pretrainingStage.parse(given);
    const passages = sample(pretrainingPassages(examples));
    const text = Math.min(settings.documentMaxLength, mean(passages.map((passage) => count(passage.text))));
    const pairs = mean(
      passages.map((passage) => count(passage.pairs.map(({ question, answer }) => `${question} ${answer}`).join('\n'))),
    );
    const answer = {
      both: (text + pairs) / 2,
      questions: pairs,
      answers: pairs,
      paraphrases: text,
      autoencoding: text,
    }[settings.data];
    const memory = mean((settings.ratios ?? [settings.ratio]).map((ratio) => mostMemory({ ...settings, ratio })));
    return settings.steps * settings.batch * (text + 2 * memory + TEMPLATE + answer);
  },
};

/** Stage 2, instruction tuning. */
export const instruction: Trainer = {
  id: 'clara/instruction',
  train: async (settings, context) => {
    const { trainInstruction } = await import('./stages/train-instruction.ts');
    return trainInstruction(instructionStage.parse(settings), context);
  },
  rows: (given, examples, count) => {
    const settings = instructionStage.parse(given);
    const each = sample(examples).map((example) =>
      documentLengths(example, settings, count).reduce(
        (sum, length) => sum + length + 2 * mostMemory(settings) + 1,
        TEMPLATE + count(example.question),
      ),
    );
    return settings.steps * settings.batch * mean(each);
  },
};

/** Stage 3, end-to-end training; and the supervised ranker. */
export const endToEnd: Trainer = {
  id: 'clara/end-to-end',
  train: async (settings, context) => {
    const { trainEndToEnd } = await import('./stages/train-end-to-end.ts');
    return trainEndToEnd(endToEndStage.parse(settings), context);
  },
  rows: (given, examples, count) => {
    const settings = endToEndStage.parse(given);
    const memory = mostMemory(settings);
    const question = mean(sample(examples).map((example) => count(example.question)));
    const generator = settings.objective === 'gold' ? 0 : settings.k * (memory + 1) + TEMPLATE + question;
    const texts = new Set(
      examples.flatMap((example) =>
        chooseDocuments(example, settings.docs).map((place) => documentText(example.docs[place]!)),
      ),
    );
    const lengths = sample([...texts]).map((text) => Math.min(settings.documentMaxLength, count(text)) + memory);
    const compressing = texts.size * mean(lengths) * FORWARD_SHARE;
    return compressing + settings.steps * settings.batch * (question + memory + generator);
  },
};

function documentLengths(example: Example, { docs, documentMaxLength }: InstructionStage, count: Count): number[] {
  return chooseDocuments(example, docs).map((place) =>
    Math.min(documentMaxLength, count(documentText(example.docs[place]!))),
  );
}

/** At most 40 items spread evenly over a list. */
function sample<T>(items: readonly T[]): T[] {
  const taken = Math.min(40, items.length);
  return Array.from({ length: taken }, (_, at) => items[Math.floor(((at + 0.5) * items.length) / taken)]!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
