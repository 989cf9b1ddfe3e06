import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { slotText } from './special-tokens.ts';

/** System turns of compression pretraining, as the reference code has them (clara.md 4). */
const ASK =
  'You are a helpful assistant. Given a document, your task is to generate some single questions to cover all key information of the document and answer them sequentially.';
const REPHRASE =
  'You are a helpful assistant. Your task is follow the instructions to paraphrase the background information.';

/** Ways to ask for a paraphrase; `{}` is the document's place. The reference draws one of 13 for each sample; these are our own. */
const INSTRUCTIONS: readonly string[] = [
  'Background: {} Say the background above again in other words.',
  'Background: {}\nWrite down what the background tells, in your own words.',
  'Restate the following in full. Background: {}',
  'Here is a background: {}\nGive all of it in a new wording.',
  'Background: {} What does the background say? Answer with all of its details.',
];

/** The conversation that asks for a document's questions and answers. */
export function questionsPrompt(count: number): Message[] {
  return [
    { role: 'system', content: ASK },
    { role: 'user', content: `Background:\n${slotText(count)}` },
  ];
}

/** What is to be answered: a line for each question and one for its answer. */
export function questionsAnswer(pairs: readonly { readonly question: string; readonly answer: string }[]): string {
  return pairs.map(({ question, answer }) => `Question: ${question}\nAnswer: ${answer}`).join('\n');
}

/** The conversation that asks for a paraphrase. `draw` chooses among the ways to ask; an `instruction` with `{}` for the document's place goes before it. */
export function paraphrasePrompt(count: number, draw: number, instruction?: string): Message[] {
  const content = instruction ?? INSTRUCTIONS[draw % INSTRUCTIONS.length]!;
  return [
    { role: 'system', content: REPHRASE },
    { role: 'user', content: content.replace('{}', slotText(count)) },
  ];
}
