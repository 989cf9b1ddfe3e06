import type { Document, Example } from './example.ts';

/** A passage of an example, with questions that it answers alone. */
export interface PassagePairs {
  readonly document: Document;
  readonly pairs: readonly { readonly question: string; readonly answer: string }[];
}

/** What an example has for compression pretraining: each candidate passage that has `pairs` of its own with those, and an only gold passage without any with the question itself. */
export function passagePairs({ question, answers, docs, pos_index }: Example): PassagePairs[] {
  const own = docs.flatMap((document) => (document.pairs ? [{ document, pairs: document.pairs }] : []));
  const gold = pos_index.length === 1 ? docs[pos_index[0]!]! : undefined;
  return gold && !gold.pairs ? [...own, { document: gold, pairs: [{ question, answer: answers[0]! }] }] : own;
}
