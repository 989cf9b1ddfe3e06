import { answeredPrompt, promptIds } from '../../clara/answered-prompt.ts';
import { documentIds } from '../../clara/document-ids.ts';
import type { EncoderDocument } from '../../clara/encoder-batch.ts';
import { instructionPrompt } from '../../clara/instruction-prompt.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../../clara/pretraining-prompts.ts';
import { slotText } from '../../clara/special-tokens.ts';
import { InputError } from '../../errors.ts';
import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import type { Message } from '../../language-model/tokenizer/tokenizer.ts';
import type { Deviations } from '../deviation.ts';
import { unmasked, type EndToEndGoldens } from './end-to-end-schema.ts';
import type { GoldenModel } from './golden-model.ts';

/** The label of a token that is no target. */
const NO_TARGET = -100;

/** Tokens around a text that is compressed: `<ENC>`, begin and end. */
const AROUND = 3;

type Batch = Pick<EndToEndGoldens['stage1_2']['batch'], 'dec_input_ids' | 'dec_attention_mask' | 'labels'>;

/** What the compressor reads of texts, compared with golden ids whose padding is masked out. */
export function encoderInputs(
  all: Deviations,
  name: string,
  model: GoldenModel,
  texts: readonly string[],
  golden: { readonly ids: readonly (readonly number[])[]; readonly mask: readonly (readonly number[])[] },
): EncoderDocument[] {
  const { tokenizer, special } = model;
  const memory = Array.from({ length: special.memory }, (_, i) => special.first + i);
  const expected = unmasked(golden.ids, golden.mask);
  // The reference pads everything to the greatest length.
  const maxLength = golden.ids[0]!.length - special.memory - AROUND;
  return texts.map((text, i) => {
    const { ids } = documentIds(text, tokenizer, special, maxLength);
    all.same(`${name} (that differ)`, [...ids, ...memory], expected[i]);
    return { ids, count: special.memory };
  });
}

/** Ids of a prompt with its answer at most: the reference pads the questions of the end-to-end stage to this length, what stands around a text and the memory tokens. */
export function promptMaxLength({ clara, stage2 }: EndToEndGoldens): number {
  return stage2.batch.query_input_ids[0]!.length - AROUND - clara.n_mem_tokens;
}

/** Prompts with answers, compared with golden ids and labels. */
export function generatorInputs(
  all: Deviations,
  name: string,
  model: GoldenModel,
  conversations: readonly { readonly messages: readonly Message[]; readonly answer: string }[],
  batch: Batch,
  maxLength: number,
): TargetedSequence[] {
  const ids = unmasked(batch.dec_input_ids, batch.dec_attention_mask);
  const labels = unmasked(batch.labels, batch.dec_attention_mask);
  return conversations.map(({ messages, answer }, i) => {
    const sequence = answeredPrompt(model, messages, answer, maxLength);
    all.same(`${name}: prompts with answers, ids (that differ)`, sequence.ids, ids[i]);
    all.same(`${name}: labels (prompts that differ)`, sequence.ids.map((id, at) => (sequence.targets[at] ? id : NO_TARGET)), labels[i]); // prettier-ignore
    return sequence;
  });
}

/** Prompts that await an answer, compared with golden ids. */
export function promptInputs(
  all: Deviations,
  name: string,
  model: GoldenModel,
  conversations: readonly (readonly Message[])[],
  golden: { readonly prompt_input_ids: readonly number[][]; readonly prompt_attention_mask: readonly number[][] },
): number[][] {
  const expected = unmasked(golden.prompt_input_ids, golden.prompt_attention_mask);
  return conversations.map((messages, i) => {
    const ids = promptIds(model, messages);
    all.same(`${name}: prompts, ids (that differ)`, ids, expected[i]);
    return ids;
  });
}

/** The conversation of a question over a number of documents. */
export function questionConversation(
  { tokenizer, special }: GoldenModel,
  question: string,
  documents: number,
): Message[] {
  return instructionPrompt(tokenizer.withoutControlTokens(question), new Array<number>(documents).fill(special.memory));
}

/** The conversations of compression pretraining. The reference draws the wording that asks for a paraphrase, so that is read from the golden ids. */
export function pretrainingConversations(
  model: GoldenModel,
  { questions, answers, ...batch }: EndToEndGoldens['stage1']['batch'],
): { messages: Message[]; answer: string }[] {
  const prompts = unmasked(batch.dec_input_ids, batch.dec_attention_mask);
  const count = model.special.memory;
  return questions.map((asked, i) => {
    const given = answers[i]!;
    if (asked !== '') {
      const pairs = asked.map((question, at) => ({ question, answer: given[at]! }));
      return { messages: questionsPrompt(count), answer: questionsAnswer(pairs) };
    }
    const text = model.tokenizer.decode(prompts[i]!, { keepSpecial: true });
    return { messages: paraphrasePrompt(count, 0, drawnInstruction(model, text, count)), answer: given.join('') };
  });
}

/** Stands for the wording in a conversation whose other parts are then found around it. */
const PROBE = '{}';

function drawnInstruction(model: GoldenModel, prompt: string, count: number): string {
  const slot = slotText(count);
  const [before, after] = model
    .renderChat(paraphrasePrompt(count, 0, PROBE), { addGenerationPrompt: true })
    .split(slot);
  const from = prompt.indexOf(before!);
  const to = after === '' ? prompt.length : prompt.indexOf(after!, from + before!.length);
  if (from !== 0 || to < 0) {
    throw new InputError(`stage1: expected a paraphrase prompt that begins ${JSON.stringify(before)} and goes on ${JSON.stringify(after)}, got ${JSON.stringify(prompt)}`); // prettier-ignore
  }
  return prompt.slice(before!.length, to).replace(slot, '{}');
}
