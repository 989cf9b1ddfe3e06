import type { Example } from '../../datasets/example.ts';
import { InputError } from '../../harness/errors.ts';
import { documentText } from '../../harness/prompt.ts';
import { shuffled } from '../../harness/training/shuffled.ts';
import type { Trainer } from '../../harness/training/training-stage.ts';
import { checkSettings } from '../settings.ts';
import { crossEncoderSettings } from './cross-encoder-settings.ts';
import type { RankingItem } from './cross-encoder-trainable.ts';
import { questionAfterDocument } from './question-after-document.ts';
import { questionSeed } from './question-seed.ts';

const ID = 'ranker/cross-encoder';
/** Tokens of the instruction and the chat template, about. */
const TEMPLATE_TOKENS = 40;

/** Trains a LoRA on the backbone to tell gold candidates from others (crossEncoderTrainable). Questions without a gold candidate, or without another one, are left out. */
export const crossEncoderTrainer: Trainer = {
  id: ID,
  async train(given, context) {
    const { createLoraAdapter, disposeLoraAdapter } = await import('../../harness/language-model/lora.ts');
    const { loraInitialisation } = await import('../../harness/language-model/lora-initialisation.ts');
    const { train } = await import('../../harness/training/train.ts');
    const { crossEncoderTrainable } = await import('./cross-encoder-trainable.ts');
    const { documentTokens, candidates, rank, alpha, dropout, modules, ...training } = settings(given);
    const { seed, folder, onProgress, examples } = context;
    const model = await context.model();
    const items = examples.filter(isTrainable).map((example): RankingItem => {
      const chosen = drawCandidates(example, candidates, seed);
      return {
        id: example.id,
        sequences: chosen.map((at) =>
          questionAfterDocument(example.question, example.docs[at]!, model, documentTokens),
        ),
        gold: chosen.map((at) => example.pos_index.includes(at)),
      };
    });
    if (items.length === 0) {
      throw new InputError(
        `trainer ${ID}: expected training questions with gold passages (pos_index) and others, got none`,
      );
    }
    const adapter = createLoraAdapter(model.config, { rank, alpha, modules }, loraInitialisation(seed));
    const trainable = crossEncoderTrainable(model, adapter, { dropout, checkpointed: training.checkpointed });
    try {
      await train(trainable, items, training, { folder, seed, onProgress, nameOf: ({ id }) => id });
    } finally {
      trainable.dispose();
      disposeLoraAdapter(adapter);
    }
  },
  rows(given, examples, count) {
    const { documentTokens, candidates, steps, batch } = settings(given);
    const lengths = examples.filter(isTrainable).map((example) => {
      const chosen = drawCandidates(example, candidates, 0);
      const documents = chosen.map((at) => Math.min(documentTokens, count(documentText(example.docs[at]!))));
      const each = TEMPLATE_TOKENS + count(example.question);
      return documents.reduce((sum, tokens) => sum + tokens + each, 0);
    });
    const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
    return Math.round(steps * batch * mean);
  },
};

function isTrainable({ docs, pos_index: gold }: Example): boolean {
  return gold.length > 0 && gold.length < docs.length;
}

/** Indexes of the gold candidates and of others, drawn by the question's id and the seed; at least one of each. */
function drawCandidates({ id, docs, pos_index: gold }: Example, count: number, seed: number): number[] {
  const order = shuffled(docs.length, questionSeed(id, seed));
  const [golds, others] = [order.filter((at) => gold.includes(at)), order.filter((at) => !gold.includes(at))];
  const kept = golds.slice(0, count - 1);
  return [...kept, ...others.slice(0, count - kept.length)];
}

function settings(given: Readonly<Record<string, unknown>>) {
  return checkSettings('cross-encoder', crossEncoderSettings, given);
}
