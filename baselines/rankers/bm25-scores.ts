import { wordTokens } from './word-tokens.ts';

/** BM25's free parameters: how soon further occurrences of a word count for less, and how much a long document is held against it. */
export interface Bm25Parameters {
  readonly k1: number;
  readonly b: number;
}

/** What BM25 knows of a collection of documents. */
export class DocumentFrequencies {
  readonly #frequencies = new Map<string, number>();
  #documents = 0;
  #words = 0;

  constructor(documents: Iterable<string>) {
    for (const document of documents) {
      const words = wordTokens(document);
      this.#documents++;
      this.#words += words.length;
      for (const word of new Set(words)) this.#frequencies.set(word, (this.#frequencies.get(word) ?? 0) + 1);
    }
  }

  /** Mean length in words. */
  get meanLength(): number {
    return this.#words / this.#documents;
  }

  /** Robertson and Spärck Jones's weight with 1 added in the logarithm, so that it is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)). */
  weight(word: string): number {
    const n = this.#frequencies.get(word) ?? 0;
    return Math.log(1 + (this.#documents - n + 0.5) / (n + 0.5));
  }
}

/**
 * Okapi BM25 (Robertson and Zaragoza, 2009, The Probabilistic Relevance Framework) of each document for a question: the sum over the question's words, each as often
 * as it occurs, of weight(word) f (k1 + 1) / (f + k1 (1 - b + b length / mean length)), f its occurrences in the document.
 *
 * @param collection where the weights and the mean length come from
 */
export function bm25Scores(
  question: string,
  documents: readonly string[],
  collection: DocumentFrequencies,
  { k1, b }: Bm25Parameters,
): number[] {
  const asked = wordTokens(question).map((word) => ({ word, weight: collection.weight(word) }));
  return documents.map((document) => {
    const words = wordTokens(document);
    const occurrences = new Map<string, number>();
    for (const word of words) occurrences.set(word, (occurrences.get(word) ?? 0) + 1);
    const damping = k1 * (1 - b + (b * words.length) / collection.meanLength);
    return asked.reduce((score, { word, weight }) => {
      const f = occurrences.get(word) ?? 0;
      return f === 0 ? score : score + (weight * f * (k1 + 1)) / (f + damping);
    }, 0);
  });
}
