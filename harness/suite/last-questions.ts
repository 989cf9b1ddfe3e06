import type { Example } from '../../datasets/example.ts';
import { examplesOf, type Asked } from './own-examples.ts';

/** The questions of jobs that come benchmark by benchmark, as those of a plan do: each benchmark is read once, and only the last one is kept. */
export class LastQuestions {
  #sha256: string | undefined;
  #examples: readonly Example[] = [];

  /** As `examplesOf`. */
  async of(job: Asked): Promise<readonly Example[]> {
    if (this.#sha256 !== job.examples.sha256) {
      this.#examples = await examplesOf(job);
      this.#sha256 = job.examples.sha256;
    }
    return this.#examples;
  }
}
