import { InputError } from '../errors.ts';

/** A file of another kind has a problem on every line: after so many, reading on helps nobody. */
const MAX_PROBLEMS = 20;

/** Collects what is wrong with a file's lines, so that all is said at once. */
export class ProblemList {
  readonly #problems: string[] = [];

  /** @throws InputError with all problems so far, when there are too many to read on. */
  add(...problems: readonly string[]): void {
    this.#problems.push(...problems);
    if (this.#problems.length >= MAX_PROBLEMS) {
      throw new InputError([...this.#problems.slice(0, MAX_PROBLEMS), `stopped after ${MAX_PROBLEMS} problems`]);
    }
  }

  /** @throws InputError with all problems, if there are any. */
  end(): void {
    if (this.#problems.length > 0) throw new InputError(this.#problems);
  }
}
