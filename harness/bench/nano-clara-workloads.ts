import { rm } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Example } from '../../datasets/example.ts';
import { promptIds } from '../clara/answered-prompt.ts';
import { candidateTexts } from '../clara/candidate-vectors.ts';
import { compressionVariables, createCompressionModel, type OwnedCompressionModel } from '../clara/create-compression-model.ts'; // prettier-ignore
import { finishedCheckpoint } from '../clara/finished-checkpoint.ts';
import { instructionPrompt } from '../clara/instruction-prompt.ts';
import { loadCheckpoint } from '../clara/load-checkpoint.ts';
import { candidatePlaces } from '../clara/stages/candidate-places.ts';
import { writeClaraFile } from '../clara/stages/checkpoint-folder.ts';
import { compressionDocument } from '../clara/stages/compression-document.ts';
import { compressionTrainable, type CompressionItem } from '../clara/stages/compression-trainable.ts';
import { instructionItem } from '../clara/stages/instruction-item.ts';
import { pretrainingItems } from '../clara/stages/pretraining-items.ts';
import { VectorAnswering } from '../clara/vector-answering.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { saveVariables } from '../training/save-variables.ts';
import { writeNanoWork, type NanoWork } from './nano-work.ts';
import type { ComparedWorkload } from './workloads.ts';
import { atlasQuestions } from './atlas-questions.ts';
import { LEARNING_RATE, repeatedSteps } from './repeated-steps.ts';

/** What quick trains and asks (harness/suites/quick.yaml). */
const BATCH = 16;
const PASSAGES = 32;
const QUESTIONS = 50;
const NEW_TOKENS = 4;
const RATIO = 4;
const K = 3;
const ALIGNMENT = { weight: 0.1, form: 'mean' } as const;
const PLAIN = { checkpointed: false, recorded: false, dropout: 0 };

/** One step of instruction tuning at ratio 4: 16 questions with 3 passages each. */
export async function nanoInstructionStep(base: LanguageModel, folder: string): Promise<ComparedWorkload> {
  const model = await pretrained(base);
  const examples = await atlasQuestions('train', BATCH);
  const places = candidatePlaces(examples, 'oracle-3', 1);
  const items = examples.map((example, at) => instructionItem(model, example, places[at]!, example.answers[0]!));
  return claraSteps(model, items, false, folder);
}

/** One step of compression pretraining: 32 passages, at ratios 4 to 32. */
export async function nanoPretrainingStep(base: LanguageModel, folder: string): Promise<ComparedWorkload> {
  const model = await pretrained(base);
  const settings = { data: 'answers', paraphrase: 'given', ratio: RATIO, ratios: [4, 8, 16, 32] } as const;
  const all = pretrainingItems(model, { ...settings, ratios: [...settings.ratios] }, { examples: await atlasQuestions('train', BATCH), seed: 0 }); // prettier-ignore
  return claraSteps(model, all.slice(0, PASSAGES), true, folder);
}

/** 50 questions answered by CLaRa end to end at ratio 4: their passages compressed and ranked, the best 3 read. Ours keeps the vectors in their store on disk as well. */
export async function nanoClaraAnswers(base: LanguageModel, folder: string): Promise<ComparedWorkload> {
  const model = await pretrained(base, { queryReasoner: true });
  const { encoder, decoder, queryReasoner, memory, tables } = compressionVariables(model);
  queryReasoner.forEach(({ variable }, at) => variable.assign(encoder[at]!.variable));
  const variables = [...encoder, ...decoder, ...queryReasoner, memory, ...tables];
  const examples = await atlasQuestions('test', QUESTIONS);
  await writeNanoWork(folder, claraAnswers(model, examples), variables);
  await saveVariables(path.join(folder, 'weights.safetensors'), variables);
  await writeClaraFile(folder, model, base, { stage: 'end-to-end', k: K });
  let pass = 0;
  return async () => {
    const answering = await VectorAnswering.open(base, folder, path.join(folder, `cache-${pass++}`), RATIO);
    const started = performance.now();
    const answers = await answering.answer(examples, { docs: 'all', k: K, generate: true, maxNewTokens: NEW_TOKENS, batch: QUESTIONS, seed: 0 }); // prettier-ignore
    const rate = (1000 * QUESTIONS) / (performance.now() - started);
    answering.dispose();
    await rm(path.join(folder, `cache-${pass - 1}`), { recursive: true });
    return { rate, results: answers.map(({ text }) => text) };
  };
}

function claraAnswers(model: OwnedCompressionModel, examples: readonly Example[]): NanoWork {
  const { special, settings, tokenizer } = model;
  const ids = (text: string) => {
    const { ids, count } = compressionDocument(text, model, settings);
    return { ids, count };
  };
  const texts = examples.map((example) => candidateTexts(example, [...example.docs.keys()]));
  const places = new Map([...new Set(texts.flat())].map((text, at) => [text, at]));
  return {
    kind: 'clara-answers',
    units: QUESTIONS,
    scale: model.settings.alpha / model.settings.rank,
    documents: [...places.keys()].map(ids),
    questions: examples.map(({ question }) => ids(question)),
    candidates: texts.map((some) => some.map((text) => places.get(text)!)),
    prompts: examples.map(({ question }) => promptIds(model, instructionPrompt(question, new Array<number>(K).fill(special.memory)))), // prettier-ignore
    k: K,
    firstMemory: special.first,
    memory: special.memory,
    newTokens: NEW_TOKENS,
    endIds: tokenizer.endIds,
  };
}

/** nano-scp at ratio 4. */
async function pretrained(base: LanguageModel, parts?: { queryReasoner: boolean }): Promise<OwnedCompressionModel> {
  const { folder, file } = finishedCheckpoint('nano-scp');
  const { compressor, documentMaxLength, memory, positions, rank, alpha, modules } = file;
  const model = createCompressionModel(base, { compressor, ratio: RATIO, documentMaxLength, memory, positions, rank, alpha, modules }, 0, parts); // prettier-ignore
  const { encoder, decoder, memory: tokens, tables } = compressionVariables(model);
  await loadCheckpoint(folder, RATIO, [...encoder, ...decoder, tokens, ...tables]);
  return model;
}

async function claraSteps(
  model: OwnedCompressionModel,
  items: readonly CompressionItem[],
  trainMemory: boolean,
  folder: string,
): Promise<ComparedWorkload> {
  const { encoder, decoder, memory, tables } = compressionVariables(model);
  const trained = [...encoder, ...decoder, ...(trainMemory ? [memory] : [])];
  const { special } = model;
  const work: NanoWork = {
    kind: 'clara-step',
    units: items.length,
    scale: model.settings.alpha / model.settings.rank,
    learningRate: LEARNING_RATE,
    alignment: ALIGNMENT.weight,
    documents: items.flatMap(({ documents }) => documents),
    sequences: items.map(({ prompt }) => prompt),
    firstMemory: special.first,
    memory: special.memory,
  };
  await writeNanoWork(folder, work, [...encoder, ...decoder, memory, ...tables], trained);
  return repeatedSteps(compressionTrainable(model, trained, ALIGNMENT, PLAIN), items);
}
