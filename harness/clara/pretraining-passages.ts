import type { Example } from '../../datasets/example.ts';
import { passagePairs } from '../../datasets/passage-pairs.ts';
import { InputError } from '../errors.ts';
import { documentText } from '../prompt.ts';

/** A passage with what is known of it. */
export interface PretrainingPassage {
  readonly text: string;
  /** Questions that it answers alone. */
  readonly pairs: readonly { readonly question: string; readonly answer: string }[];
  /** What it says in other words, where the data has that. */
  readonly paraphrase?: string;
}

/**
 * The passages that pretraining learns from, each once, in the order in which they come up: every candidate passage that has `pairs` of its own, with those, and every other gold passage with all
 * questions that have it as their only gold passage.
 *
 * @throws InputError where there is none
 */
export function pretrainingPassages(examples: readonly Example[]): PretrainingPassage[] {
  const passages = new Map<string, PretrainingPassage & { pairs: { question: string; answer: string }[] }>();
  for (const example of examples) {
    for (const { document, pairs } of passagePairs(example)) {
      const text = documentText(document);
      const known = passages.get(text);
      if (!known) passages.set(text, { text, pairs: [...pairs], paraphrase: document.paraphrase });
      else if (!document.pairs) known.pairs.push(...pairs);
    }
  }
  if (passages.size === 0) {
    throw new InputError(
      `compression pretraining: expected questions with one gold passage each, or passages with pairs, got none among ${examples.length}`,
    );
  }
  return [...passages.values()];
}
