import type { Document } from '../../datasets/example.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { VectorAnswer } from './vector-answer.ts';

/** What answering one question over some documents gave. */
export interface AnsweredQuestion {
  readonly answer: string;
  /** All documents by their place among those given, best first, with the cosine of their vectors and the question's; null where the checkpoint has no query reasoner. */
  readonly ranking: readonly { readonly document: number; readonly score: number }[] | null;
  /** The documents that the generator was given, in that order. */
  readonly selected: readonly number[];
  /** Of the selected documents: `source` tokens of their text, `vectors` that stand for them; `prompt` in all and `output`; `truncated` source tokens cut off. */
  readonly tokens: VectorAnswer['tokens'];
  /** Milliseconds by phase; `compress` is of all documents. */
  readonly ms: VectorAnswer['ms'];
}

/** A checkpoint that is loaded with its backbone, and answers. */
export interface OpenClara {
  /** The backbone alone, for what a text system would answer. */
  readonly base: LanguageModel;
  /** Nominal compression ratio of the checkpoint. */
  readonly ratio: number;
  /** Documents that the generator was trained to be given. */
  readonly k: number;
  /** Answers from the `k` best documents (from the first ones without a query reasoner, from all where there are fewer). */
  ask(
    question: string,
    documents: readonly Document[],
    options: { readonly k: number; readonly maxNewTokens: number },
  ): Promise<AnsweredQuestion>;
  /** What the generator writes of each text when it is asked for a paraphrase of its vectors. */
  reconstruct(
    texts: readonly string[],
    options: { readonly maxNewTokens: number },
  ): Promise<{ readonly text: string; readonly vectors: number }[]>;
  /** Frees the checkpoint and the backbone. */
  dispose(): void;
}
