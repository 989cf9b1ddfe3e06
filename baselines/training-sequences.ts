import type { Example } from '../datasets/example.ts';
import { answeredPrompt } from '../harness/clara/answered-prompt.ts';
import { InputError } from '../harness/errors.ts';
import type { LanguageModel } from '../harness/language-model/language-model.ts';
import type { TargetedSequence } from '../harness/language-model/language-model-loss.ts';
import { questionMessages } from '../harness/prompt.ts';
import { textPrompts, type TextChoice } from './text-prompt.ts';

/** A question with its answer, to learn from. */
export interface TrainingSequence extends TargetedSequence {
  /** The question's id. */
  readonly id: string;
}

/** Questions whose prompts are made together: bounds what a model that shortens their documents holds. */
const BLOCK = 16;

/**
 * Each question as prediction asks it, followed by its first gold answer, whose tokens and closing end token are learnt. A prompt that does not fit into the
 * context with its answer loses document tokens from its end, as prediction's does.
 *
 * @throws InputError naming every question that cannot be asked
 */
export async function trainingSequences(
  examples: readonly Example[],
  model: LanguageModel,
  choice: TextChoice,
): Promise<TrainingSequence[]> {
  const { contextLength } = model.config;
  const sequences: TrainingSequence[] = [];
  const problems: string[] = [];
  for (let from = 0; from < examples.length; from += BLOCK) {
    const block = examples.slice(from, from + BLOCK);
    const answers = block.map(({ answers }) => model.tokenizer.withoutControlTokens(answers[0]!));
    const room = block.map((example, i) => contextLength - answerLength(example, answers[i]!, model, choice));
    const prompts = await textPrompts(block, model, choice, room);
    prompts.forEach((prompt, i) => {
      const { id } = block[i]!;
      if ('ids' in prompt) sequences.push({ id, ...answeredPrompt(model, prompt.messages, answers[i]!) });
      else problems.push(`training question ${JSON.stringify(id)}: ${prompt.error}`);
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  return sequences;
}

/** Tokens that the answer adds to a prompt. */
function answerLength({ question }: Example, answer: string, model: LanguageModel, { prompt }: TextChoice): number {
  const messages = questionMessages(model.tokenizer.withoutControlTokens(question), [], prompt);
  return answeredPrompt(model, messages, answer).targets.filter(Boolean).length;
}
