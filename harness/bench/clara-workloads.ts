import { performance } from 'node:perf_hooks';
import { TextCompressor } from '../clara/document-compressor.ts';
import { createCompressionModel, compressionVariables } from '../clara/create-compression-model.ts';
import { compressionTrainable, type CompressionItem } from '../clara/stages/compression-trainable.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { LINEAR_MODULES } from '../language-model/linear-modules.ts';
import { AdamW } from '../training/adamw.ts';
import { takeStep } from '../training/take-step.ts';
import { trainingSettings } from '../training/training-settings.ts';
import { z } from 'zod';
import type { Workload } from './workloads.ts';

/** Sizes of the peer's script: each document `<ENC>`, begin token, 128 of text, end token; 8 memory tokens. */
const SETTINGS = { compressor: 'memory-tokens', ratio: 16, documentMaxLength: 128, memory: 'fixed', rank: 16, alpha: 32, modules: LINEAR_MODULES } as const; // prettier-ignore
const DOCUMENT_IDS = 131;
const MEMORY = 8;
const COMPRESSED = 8;
const QUESTIONS = 2;
const DOCUMENTS = 5;
const PROMPT_HEAD = 45;
const QUESTION_IDS = 16;
const ANSWER_IDS = 24;
const DROPOUT = 0.1;

/** Documents a second of compressing without gradients. */
export function compressWorkload(base: LanguageModel): Workload {
  const model = createCompressionModel(base, SETTINGS, 0);
  const compressor = new TextCompressor(model, model.encoder);
  const documents = Array.from({ length: COMPRESSED }, (_, at) => ({
    ids: someIds(base, DOCUMENT_IDS, at),
    count: MEMORY,
  }));
  return () => {
    const started = performance.now();
    const done = [...compressor.compress(documents)].length;
    return Promise.resolve(done / ((performance.now() - started) / 1000));
  };
}

/** Questions a second of instruction tuning: forward, backward, clipping, AdamW. */
export function instructionWorkload(base: LanguageModel, checkpointed: boolean): Workload {
  const model = createCompressionModel(base, SETTINGS, 0);
  const { encoder, decoder } = compressionVariables(model);
  const variables = [...encoder, ...decoder];
  const trainable = compressionTrainable(model, variables, { weight: 0.1, form: 'mean' }, { checkpointed, recorded: !checkpointed, dropout: DROPOUT }); // prettier-ignore
  const settings = z
    .object(trainingSettings())
    .parse({ steps: 1, batch: QUESTIONS, microBatch: QUESTIONS, checkpointed });
  const optimiser = new AdamW(variables.map(({ variable }) => variable), settings); // prettier-ignore
  const items = Array.from({ length: QUESTIONS }, (_, question): CompressionItem => {
    const slot = [...Array.from({ length: MEMORY }, (_, i) => model.special.first + i), model.special.separator];
    const ids = [
      ...someIds(base, PROMPT_HEAD, 1),
      ...Array.from({ length: DOCUMENTS }, () => slot).flat(),
      ...someIds(base, QUESTION_IDS + ANSWER_IDS, question),
    ];
    return {
      documents: Array.from({ length: DOCUMENTS }, (_, at) => ({ ids: someIds(base, DOCUMENT_IDS, question * DOCUMENTS + at), count: MEMORY })), // prettier-ignore
      prompt: { ids, targets: ids.map((_, i) => i >= ids.length - ANSWER_IDS) },
    };
  });
  const entries = items.map((item, at) => ({ item, name: String(at) }));
  let step = 0;
  return async () => {
    const started = performance.now();
    await takeStep(trainable, entries, optimiser, 1e-4, settings, ++step);
    return QUESTIONS / ((performance.now() - started) / 1000);
  };
}

/** Token ids that fill the model as text would; the speed does not depend on them. */
function someIds({ tokenizer }: LanguageModel, length: number, row: number): number[] {
  const usable = tokenizer.vocabularySize - 100;
  return Array.from({ length }, (_, i) => 100 + ((row * 7919 + i * 104_729) % usable));
}
