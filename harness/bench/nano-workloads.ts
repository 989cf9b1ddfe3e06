import { performance } from 'node:perf_hooks';
import { TEXT_ADAPTER } from '../../baselines/text-trainers.ts';
import { textPrompts } from '../../baselines/text-prompt.ts';
import { trainingSequences } from '../../baselines/training-sequences.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { createLoraAdapter } from '../language-model/lora.ts';
import { loraInitialisation } from '../language-model/lora-initialisation.ts';
import { sequenceTrainable } from '../training/sequence-trainable.ts';
import { writeNanoWork, type NanoWork } from './nano-work.ts';
import type { ComparedWorkload } from './workloads.ts';
import { atlasQuestions } from './atlas-questions.ts';
import { nanoClaraAnswers, nanoInstructionStep, nanoPretrainingStep } from './nano-clara-workloads.ts';
import { LEARNING_RATE, repeatedSteps } from './repeated-steps.ts';

/** What quick trains and asks (harness/suites/quick.yaml), in one step of each stage and one block of questions. */
const BATCH = 16;
const QUESTIONS = 50;
const NEW_TOKENS = 4;
const LORA = { rank: 16, alpha: 32 };
const TEXT = { docs: 'all', prompt: 'spaced' } as const;

/** One step of text-lora: 16 questions with all of their 8 passages. */
async function nanoTextStep(base: LanguageModel, folder: string): Promise<ComparedWorkload> {
  const adapter = createLoraAdapter(base.config, LORA, loraInitialisation(0));
  const variables = adapter.matrices.map((matrix) => ({ ...matrix, name: `${TEXT_ADAPTER}.${matrix.name}` }));
  const items = await trainingSequences(await atlasQuestions('train', BATCH), base, TEXT);
  const work: NanoWork = { kind: 'text-step', units: BATCH, scale: LORA.alpha / LORA.rank, learningRate: LEARNING_RATE, sequences: items }; // prettier-ignore
  await writeNanoWork(folder, work, variables, variables);
  return repeatedSteps(sequenceTrainable(base, { variables, pass: { adapter: adapter.blocks }, dropout: 0 }), items);
}

/** 50 questions answered from the text of their 8 passages. */
async function nanoTextAnswers(base: LanguageModel, folder: string): Promise<ComparedWorkload> {
  const examples = await atlasQuestions('test', QUESTIONS);
  const room = examples.map(() => base.config.contextLength - NEW_TOKENS);
  const prompts = (await textPrompts(examples, base, TEXT, room)).map((prompt) => ('ids' in prompt ? prompt.ids : []));
  const options = { maxNewTokens: NEW_TOKENS, batch: QUESTIONS };
  const work: NanoWork = { kind: 'text-answers', units: QUESTIONS, prompts, newTokens: NEW_TOKENS, batch: QUESTIONS, endIds: base.tokenizer.endIds }; // prettier-ignore
  await writeNanoWork(folder, work, []);
  return async () => {
    const started = performance.now();
    const answers = await base.generate(prompts, options);
    return { rate: (1000 * QUESTIONS) / (performance.now() - started), results: answers.map(({ text }) => text) };
  };
}

/** The work of each nano row; it is written into the folder, too, for the peer. */
export const NANO_WORKLOADS: Readonly<
  Record<string, (nano: LanguageModel, folder: string) => Promise<ComparedWorkload>>
> = {
  'nano-text-step': nanoTextStep,
  'nano-pretraining-step': nanoPretrainingStep,
  'nano-instruction-step': nanoInstructionStep,
  'nano-text-answers': nanoTextAnswers,
  'nano-clara-answers': nanoClaraAnswers,
};
