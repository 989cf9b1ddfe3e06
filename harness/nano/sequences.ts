import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { chance, sample } from '../../datasets/atlas/draw.ts';
import { drawWorld } from '../../datasets/atlas/draw-world.ts';
import type { AtlasSplit } from '../../datasets/atlas/entity-name.ts';
import { passage } from '../../datasets/atlas/passage.ts';
import type { Document } from '../../datasets/example.ts';
import { paraphrasePrompt } from '../clara/pretraining-prompts.ts';
import { slotText } from '../clara/special-tokens.ts';
import type { ModelFiles } from '../language-model/model-files.ts';
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { documentText, questionMessages } from '../prompt.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import type { Phase } from './recipe.ts';

/** What turns conversations into tokens. */
export type Reader = Pick<ModelFiles, 'tokenizer' | 'renderChat'>;

/** A sequence of tokens, and of each what it is to the loss: nothing, a word of an answer, or other text that is learnt (passages, paraphrases, ends). */
export interface LearntSequence {
  readonly ids: readonly number[];
  readonly roles: readonly ('none' | 'answer' | 'text')[];
}

/** What the passages of a context have in common. */
export interface ContextOptions {
  readonly documents: number;
  /** Whether all state the same attributes. */
  readonly same: boolean;
  readonly names: number;
  readonly facts: number;
  readonly questions: number;
}

/** Passages of one drawn world, and questions that they answer, each about any of the passages. */
export function drawContext(
  random: RandomGenerator,
  split: AtlasSplit,
  { documents, same, names, facts, questions }: ContextOptions,
): { documents: Document[]; pairs: { question: string; answer: string }[] } {
  const world = drawWorld(random, split, {
    ...{ documents, facts, names },
    ...(same ? { shared: 1, ask: 'all' } : { shared: 0.5, ask: 'one' }),
  });
  const passages = world.entities.map((entity) => passage(random, entity, { length: null, pretraining: true }));
  const all = passages.flatMap(({ pairs }) => pairs!);
  return { documents: passages, pairs: sample(random, all, Math.min(questions, all.length)) };
}

/** The sequences of a step, drawn by the seed: as every system asks its questions (harness/prompt.ts), with further questions on the same passages behind the first. */
export function stepSequences({ tokenizer, renderChat }: Reader, phase: Phase, seed: number): LearntSequence[] {
  const random = xoroshiro128plus(seed);
  const kind = uniformInt(random, 0, 999_999) / 1e6;
  const count = uniformInt(random, ...phase.documents);
  const conversation = (own: RandomGenerator): Message[] => {
    const same = chance(own, phase.shared);
    if (kind < phase.closed) {
      return asked(drawContext(own, 'train', { ...phase, documents: 1, same, questions: 1 }).pairs, []);
    }
    if (kind < phase.closed + phase.paraphrase) {
      const { documents } = drawContext(own, 'train', { ...phase, documents: 1, same });
      const prompt = paraphrasePrompt(0, uniformInt(own, 0, 1 << 20));
      const messages = prompt.map(({ role, content }) => ({
        role,
        content: content.replace(slotText(0), documentText(documents[0]!)),
      }));
      return [...messages, { role: 'assistant', content: documents[0]!.paraphrase! }];
    }
    const { documents, pairs } = drawContext(own, 'train', { ...phase, documents: count, same });
    return asked(pairs, documents);
  };
  const paraphrases = kind >= phase.closed && kind < phase.closed + phase.paraphrase;
  return Array.from({ length: phase.batch }, (_, place) => {
    const ids = tokenizer.encode(renderChat(conversation(xoroshiro128plus(deriveSeed(seed, place)))));
    return { ids, roles: rolesOf({ tokenizer, renderChat }, ids, paraphrases) };
  });
}

/** Questions one after the other on the same passages, with their answers. */
export function asked(
  pairs: readonly { readonly question: string; readonly answer: string }[],
  documents: readonly Document[],
): Message[] {
  return pairs.flatMap(({ question, answer }, place): Message[] => [
    ...questionMessages(question, place === 0 ? documents.map(documentText) : []).slice(place === 0 ? 0 : 1),
    { role: 'assistant', content: answer },
  ]);
}

/** Text is what stands before the first question, and the ends of answers; the answer itself where it is a paraphrase. */
function rolesOf({ tokenizer }: Reader, ids: readonly number[], paraphrase: boolean): LearntSequence['roles'] {
  const [question] = tokenizer.encode('Question');
  const [answer] = tokenizer.encode('<answer>');
  const end = tokenizer.endIds[0]!;
  const roles: LearntSequence['roles'][number][] = [];
  let state: LearntSequence['roles'][number] = 'text';
  for (const id of ids) {
    if (id === question && state === 'text' && !roles.includes('answer')) state = 'none';
    if (id === end) {
      roles.push('text');
      state = 'none';
    } else {
      roles.push(state);
    }
    if (id === answer) {
      roles[roles.length - 1] = 'none';
      state = paraphrase ? 'text' : 'answer';
    }
  }
  return roles;
}
