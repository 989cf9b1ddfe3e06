import type { Example } from '../datasets/example.ts';
import type { LanguageModel } from '../harness/language-model/language-model.ts';
import type { Prediction } from '../harness/prediction.ts';
import type { Failure, PredictContext } from '../harness/system.ts';
import { textPrompts, type TextChoice } from './text-prompt.ts';

/** Who continues the prompts. */
export type Answerer = Pick<LanguageModel, 'generate'>;

/**
 * Answers a block of questions with the text of their documents in the prompt, all in one call of the generator; textPrompts says what the prompts and the token
 * counts are.
 *
 * @param answerer the backbone itself by default; a fine-tuned system differs in this alone
 */
export async function* answerWithText(
  examples: readonly Example[],
  context: PredictContext,
  choice: TextChoice,
  answerer?: Answerer,
): AsyncGenerator<Prediction | Failure> {
  const model = await context.model();
  const { maxNewTokens, batch, seed } = context;
  const room = model.config.contextLength - maxNewTokens;
  const prompts = await textPrompts(examples, model, choice, new Array<number>(examples.length).fill(room));
  const answerable = prompts.filter((prompt) => 'ids' in prompt);
  const generations = await (answerer ?? model).generate(
    answerable.map((prompt) => prompt.ids),
    { maxNewTokens, batch, seed },
  );
  let next = 0;
  for (const [at, prompt] of prompts.entries()) {
    if (!('ids' in prompt)) {
      yield prompt;
      continue;
    }
    const generation = generations[next++]!;
    yield {
      id: examples[at]!.id,
      prediction: generation.text,
      selected: prompt.selected,
      tokens: { ...prompt.tokens, prompt: prompt.ids.length, output: generation.ids.length },
      ms: { ...generation.ms },
    };
  }
}
