import { InputError } from '../errors.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Progress } from '../progress.ts';
import { IdCount } from './id-count.ts';
import type { Joined } from './join-by-id.ts';
import { type ScoreRow, Tally } from './tally.ts';

interface PassOptions {
  readonly allowMissing?: boolean;
  readonly rankingOnly?: boolean;
  readonly onQuestion?: (id: string, valueOf: (metric: string) => number | null) => void;
  readonly progress?: Progress;
}

/** What a pass found. */
interface PassResult {
  readonly questions: number;
  readonly scored: number;
  readonly rows: readonly ScoreRow[];
  readonly without: readonly string[];
  readonly failures: number;
  readonly missing: number;
}

/** Scores joined questions and answers one after another, and keeps only sums and counts. */
export class ScoringPass {
  readonly #options: PassOptions;
  readonly #metrics: readonly Metric[];
  readonly #tallies: readonly Tally[];
  /** Those of the tallies that have something to judge. */
  readonly #judging: readonly Tally[];
  readonly #byId: ReadonlyMap<string, Tally>;
  readonly #valueOf = (metric: string): number | null => this.#byId.get(metric)?.last ?? null;
  readonly #repeatedQuestions = new IdCount();
  readonly #repeatedAnswers = new IdCount();
  readonly #unknown = new IdCount();
  readonly #missing = new IdCount();
  #scored = 0;
  #failures = 0;

  constructor(options: PassOptions, metrics: readonly Metric[]) {
    this.#options = options;
    this.#metrics = metrics;
    this.#tallies = metrics.map((metric) => new Tally(metric));
    this.#byId = new Map(this.#tallies.map((tally) => [tally.metric.id, tally]));
    this.#judging = this.#tallies.filter(({ metric }) => !(options.rankingOnly && metric.ofAnswer));
  }

  /** Notes an id that one side has twice. */
  addRepeat(side: 'question' | 'answer', id: string): void {
    (side === 'question' ? this.#repeatedQuestions : this.#repeatedAnswers).add(id);
  }

  /** Scores all pairs; yields the lines of the scored questions, some at a time, where they are wanted. @throws InputError at the end, saying all that is wrong with the ids. */
  async *lines(pairs: AsyncIterable<Joined[]>, wanted: boolean): AsyncGenerator<string> {
    for await (const batch of pairs) {
      let text = '';
      for (const { question, answer } of batch) {
        if (!question) this.#unknown.add(answer!.id);
        else if (!answer) this.#missing.add(question.id);
        else if ('error' in answer) this.#failures++;
        else {
          this.#scored++;
          for (const tally of this.#judging) tally.add(answer, question);
          if (wanted) text += `${JSON.stringify({ id: question.id, ...this.#values() })}\n`;
          this.#options.onQuestion?.(question.id, this.#valueOf);
        }
      }
      this.#options.progress?.update(this.#scored);
      if (text) yield text;
    }
    this.#check();
  }

  /** The values of the question scored last, by metric. */
  #values(): Record<string, number | null> {
    return Object.fromEntries(this.#tallies.map((tally) => [tally.metric.id, tally.last]));
  }

  #check(): void {
    const problems = [
      ...this.#repeatedQuestions.problem('ids that are in the data more than once'),
      ...this.#repeatedAnswers.problem('ids that are in the predictions (or failures) more than once'),
      ...this.#unknown.problem('ids of predictions that are not in the data'),
      ...(this.#options.allowMissing
        ? []
        : this.#missing.problem('questions with neither a prediction nor a recorded failure')),
    ];
    if (this.#scored + this.#failures + this.#missing.count === 0) problems.push('the data holds no question');
    if (problems.length > 0) throw new InputError(problems);
  }

  /** The rows and counts of what has been scored. */
  result(peakMemoryBytes?: number): PassResult {
    const rows = this.#tallies.map((tally) => tally.row());
    const memory: ScoreRow[] =
      peakMemoryBytes === undefined
        ? []
        : [
            {
              metric: 'peak-memory',
              value: peakMemoryBytes,
              low: null,
              high: null,
              n: 1,
              unit: 'bytes',
              notApplicable: 0,
            },
          ];
    return {
      questions: this.#scored + this.#failures + this.#missing.count,
      scored: this.#scored,
      rows: [...rows.filter((row) => row !== null), ...memory],
      without: this.#metrics.filter((_, at) => rows[at] === null).map((metric) => metric.id),
      failures: this.#failures,
      missing: this.#missing.count,
    };
  }
}
