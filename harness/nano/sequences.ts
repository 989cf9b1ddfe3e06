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
import type { Message } from '../language-model/tokenizer/tokenizer.ts';
import { documentText, questionMessages } from '../prompt.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import type { ConversationReader, LearntSequence } from './conversation-reader.ts';
import type { Phase } from './recipe.ts';

/** Ways to ask for a paraphrase are drawn from so many numbers. */
const MOST_DRAWS = 1 << 20;

/** What the passages of a context have in common. */
interface ContextOptions {
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
export function stepSequences(read: ConversationReader, phase: Phase, seed: number): LearntSequence[] {
  const random = xoroshiro128plus(seed);
  const kind = uniformInt(random, 0, 999_999) / 1e6;
  const documents = uniformInt(random, ...phase.documents);
  const options = { names: phase.names, facts: uniformInt(random, ...phase.facts), questions: phase.questions };
  return Array.from({ length: phase.batch }, (_, place) => {
    const own = xoroshiro128plus(deriveSeed(seed, place));
    const same = chance(own, phase.shared);
    if (kind < phase.closed) {
      return read(
        asked(drawContext(own, 'train', { ...options, documents: 1, same, questions: 1 }).pairs, []),
        'answer',
      );
    }
    if (kind < phase.closed + phase.paraphrase) return read(paraphrase(own, options), 'text');
    const context = drawContext(own, 'train', { ...options, documents, same });
    return read(asked(context.pairs, context.documents), 'answer');
  });
}

/** A passage that is to be said in other words, as compression pretraining asks for it. */
function paraphrase(random: RandomGenerator, options: Omit<ContextOptions, 'documents' | 'same'>): Message[] {
  const [document] = drawContext(random, 'train', { ...options, documents: 1, same: true }).documents;
  const prompt = paraphrasePrompt(0, uniformInt(random, 0, MOST_DRAWS));
  return [
    ...prompt.map(({ role, content }) => ({ role, content: content.replace(slotText(0), documentText(document!)) })),
    { role: 'assistant', content: document!.paraphrase! },
  ];
}

/** Questions one after the other on the same passages, with their answers. */
function asked(
  pairs: readonly { readonly question: string; readonly answer: string }[],
  documents: readonly Document[],
): Message[] {
  return pairs.flatMap(({ question, answer }, place): Message[] => [
    ...questionMessages(question, place === 0 ? documents.map(documentText) : []).slice(place === 0 ? 0 : 1),
    { role: 'assistant', content: answer },
  ]);
}
