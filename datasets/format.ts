import type { Example } from './example.ts';

/** What the publisher calls unanswerable is left out and counted, or kept with the one gold answer `noanswer`. */
export type Unanswerable = 'leave-out' | 'keep';

/** What a user may choose about an import. */
export interface ReadOptions {
  readonly unanswerable: Unanswerable;
  /** SQuAD: candidates are the question's own paragraph, or all paragraphs of its article. */
  readonly candidates: 'paragraph' | 'article';
  /** At most so many candidates a question: distractors are cut from the end, gold passages stay. */
  readonly passages?: number;
  /** Tables: our field -> the names of its columns. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** 2WikiMultihopQA: aliases by answer id. */
  readonly aliases?: ReadonlyMap<string, readonly string[]>;
}

/** A question as a reader found it: white space as in the file, no id where the publisher gives none. */
export interface Draft extends Omit<Example, 'id'> {
  readonly id?: string;
  /** The publisher says that the passages do not answer it. */
  readonly unanswerable?: boolean;
  /** Gold passages that the publisher names but that are not among the candidates. */
  readonly missingGold?: number;
}

/** One question of a file with its place there, or what is wrong at that place, all problems at once. */
export type Reading =
  { readonly where: string; readonly draft: Draft } | { readonly where: string; readonly problems: readonly string[] };

/** A published file format whose records are JSON objects. */
export interface Format {
  readonly id: string;
  /** One line for `--help`. */
  readonly description: string;
  /** Whether a record has the keys that tell this format from the others. */
  matches(record: Readonly<Record<string, unknown>>): boolean;
  /** The questions of one record; `where` is its place. Never throws: problems are readings. */
  read(record: unknown, where: string, options: ReadOptions): Reading[];
}
