import type { Question } from '../metrics/metric.ts';
import type { Prediction } from '../prediction.ts';
import type { Failure } from '../system.ts';
import type { Keyed } from './records.ts';
import type { SeenIds } from './seen-ids.ts';

/** The streams to join, as batches of records, read in step, so that files in the same order need no memory. */
export interface JoinInput {
  readonly questions: AsyncIterable<Keyed<Question>[]>;
  readonly answers: AsyncIterable<Keyed<Prediction | Failure>[]>;
  /** Times that are not in the predictions: a prediction waits for its own. Null where there are none. */
  readonly timings: AsyncIterable<Keyed<Pick<Prediction, 'ms'>>[]> | null;
}

/** What the two sides have under one id; null where a side has nothing. */
export interface Joined {
  readonly question: Question | null;
  readonly answer: Prediction | Failure | null;
}

/** How the join treats what is not in order. */
export interface JoinOptions {
  readonly seen: SeenIds;
  /** Called for an id that a side has twice (the first one counts), or that `seen` takes for one. */
  readonly onRepeat: (side: 'question' | 'answer', id: string) => void;
  /** Records and characters that may wait for their other half. */
  readonly maxWaiting: number;
  readonly maxCharacters: number;
}

/** More waits for its other half than the options allow: the files' orders differ by too much. */
export class OrderLost extends Error {}

interface Waiting {
  question: Question | null;
  answer: Prediction | Failure | null;
  ms: Prediction['ms'];
  size: number;
}

/** Pairs that are handed on at once. */
const BATCH = 128;

/** Joins questions, answers and times by id, in batches; every question and every answer comes out exactly once, a pair soon after it is whole. @throws OrderLost */
export async function* joinById(input: JoinInput, options: JoinOptions): AsyncGenerator<Joined[]> {
  const { seen, onRepeat } = options;
  const questions = new Head(input.questions);
  const answers = new Head(input.answers);
  const timings = new Head(input.timings ?? none());
  const waiting = new Map<string, Waiting>();
  let characters = 0;
  let pairs: Joined[] = [];

  const hold = ({ id, size }: Keyed<unknown>): Waiting => {
    let entry = waiting.get(id);
    if (!entry) waiting.set(id, (entry = { question: null, answer: null, ms: undefined, size: 0 }));
    entry.size += size;
    characters += size;
    return entry;
  };
  /** Hands an id's entry on when nothing more can come for it. */
  const settle = (id: string | undefined): void => {
    const entry = id === undefined ? undefined : waiting.get(id);
    if (!entry || !isSettled(entry, questions.ended, answers.ended, timings.ended)) return;
    waiting.delete(id!);
    characters -= entry.size;
    seen.add(id!);
    pairs.push(whole(entry));
  };
  const countEnded = (): number => Number(questions.ended) + Number(answers.ended) + Number(timings.ended);
  let streamsEnded = countEnded();

  try {
    for (;;) {
      const question = questions.take() ?? (await questions.refill());
      const answer = answers.take() ?? (await answers.refill());
      const timing = timings.take() ?? (await timings.refill());
      if (streamsEnded !== countEnded()) {
        streamsEnded = countEnded();
        for (const id of waiting.keys()) settle(id);
      }
      if (!question && !answer && !timing) break;
      if (pairs.length >= BATCH) {
        yield pairs;
        pairs = [];
      }

      if (question && question.id === answer?.id && (timings.ended || timing?.id === question.id)) {
        if (!waiting.has(question.id) && !seen.has(question.id)) {
          seen.add(question.id);
          pairs.push({ question: question.value, answer: withTimes(answer.value, timing?.value.ms) });
          continue;
        }
      }
      if (question) {
        if (waiting.get(question.id)?.question || seen.has(question.id)) onRepeat('question', question.id);
        else hold(question).question = question.value;
      }
      if (answer) {
        if (waiting.get(answer.id)?.answer || seen.has(answer.id)) onRepeat('answer', answer.id);
        else hold(answer).answer = answer.value;
      }
      if (timing && !seen.has(timing.id)) hold(timing).ms ??= timing.value.ms;

      settle(question?.id);
      settle(answer?.id);
      settle(timing?.id);
      if (waiting.size > options.maxWaiting || characters > options.maxCharacters) throw new OrderLost();
    }
    yield pairs;
  } finally {
    await Promise.all([questions.close(), answers.close(), timings.close()]);
  }
}

/** Whether nothing more can come for an entry, or nothing that matters. */
function isSettled(entry: Waiting, noQuestions: boolean, noAnswers: boolean, noTimings: boolean): boolean {
  if (!entry.question) return entry.answer !== null && noQuestions;
  if (!entry.answer) return noAnswers;
  return noTimings || entry.ms !== undefined || 'error' in entry.answer || entry.answer.ms !== undefined;
}

function whole({ question, answer, ms }: Waiting): Joined {
  return { question, answer: answer && withTimes(answer, ms) };
}

function withTimes(answer: Prediction | Failure, ms: Prediction['ms']): Prediction | Failure {
  return ms === undefined || 'error' in answer || answer.ms !== undefined ? answer : { ...answer, ms };
}

async function* none(): AsyncGenerator<never> {
  // Nothing: stands for a file that is not there.
}

/** The records of a stream one by one, without an asynchronous step where the batch has another one. */
class Head<T> {
  ended = false;
  readonly #batches: AsyncIterator<Keyed<T>[]>;
  #batch: readonly Keyed<T>[] = [];
  #at = 0;

  constructor(stream: AsyncIterable<Keyed<T>[]>) {
    this.#batches = stream[Symbol.asyncIterator]();
  }

  /** The next record, or undefined where the batch (or the stream) has no more. */
  take(): Keyed<T> | undefined {
    return this.#batch[this.#at++];
  }

  /** The first record of the next batch, or undefined at the stream's end. */
  async refill(): Promise<Keyed<T> | undefined> {
    while (!this.ended) {
      const next = await this.#batches.next();
      if (next.done) this.ended = true;
      this.#batch = next.done ? [] : next.value;
      this.#at = 1;
      if (this.#batch.length > 0) return this.#batch[0];
    }
    return undefined;
  }

  async close(): Promise<void> {
    if (!this.ended) await this.#batches.return?.();
  }
}
