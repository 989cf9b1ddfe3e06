import type { Example } from './example.ts';

/** A set of questions in splits (`train`, `dev`, `test`, ...). A user's own benchmark is a module that exports one of these. */
export interface Benchmark {
  readonly id: string;
  /** The examples of a split, in a fixed order, streamed. @throws InputError where there is no such split, or at a bad row. */
  load(split: string): AsyncIterable<Example>;
}
