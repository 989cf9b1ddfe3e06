import type { Question } from '../metrics/metric.ts';
import type { Prediction } from '../prediction.ts';
import type { Failure } from '../system.ts';
import type { Keyed } from './records.ts';
import type { SeenIds } from './seen-ids.ts';

/** The streams to join, read in step, so that files in the same order need no memory. */
export interface JoinInput {
  readonly questions: AsyncIterable<Keyed<Question>>;
  readonly answers: AsyncIterable<Keyed<Prediction | Failure>>;
  /** Times that are not in the predictions: a prediction waits for its own. Null where there are none. */
  readonly timings: AsyncIterable<Keyed<Pick<Prediction, 'ms'>>> | null;
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

/** Joins questions, answers and times by id; every question and every answer comes out exactly once, a pair as soon as it is whole. @throws OrderLost */
export async function* joinById(input: JoinInput, options: JoinOptions): AsyncGenerator<Joined> {
  const { seen, onRepeat } = options;
  const questions = new Head(input.questions);
  const answers = new Head(input.answers);
  const timings = new Head(input.timings ?? none());
  const waiting = new Map<string, Waiting>();
  let characters = 0;

  const hold = ({ id, size }: Keyed<unknown>): Waiting => {
    let entry = waiting.get(id);
    if (!entry) waiting.set(id, (entry = { question: null, answer: null, ms: undefined, size: 0 }));
    entry.size += size;
    characters += size;
    return entry;
  };

  try {
    for (;;) {
      const question = await questions.next();
      const answer = await answers.next();
      const timing = await timings.next();
      if (!question && !answer && !timing) break;

      if (question && question.id === answer?.id && (timings.ended || timing?.id === question.id)) {
        if (!waiting.has(question.id) && !seen.has(question.id)) {
          seen.add(question.id);
          yield { question: question.value, answer: withTimes(answer.value, timing?.value.ms) };
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

      for (const id of [question?.id, answer?.id, timing?.id]) {
        const entry = id === undefined ? undefined : waiting.get(id);
        if (!entry || !isSettled(entry, questions.ended, answers.ended, timings.ended)) continue;
        waiting.delete(id!);
        characters -= entry.size;
        seen.add(id!);
        yield whole(entry);
      }
      if (waiting.size > options.maxWaiting || characters > options.maxCharacters) throw new OrderLost();
    }
    for (const entry of waiting.values()) if (entry.question || entry.answer) yield whole(entry);
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

/** The next record of a stream, or undefined at and after its end. */
class Head<T> {
  ended = false;
  readonly #iterator: AsyncIterator<Keyed<T>>;

  constructor(stream: AsyncIterable<Keyed<T>>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  async next(): Promise<Keyed<T> | undefined> {
    if (this.ended) return undefined;
    const next = await this.#iterator.next();
    if (!next.done) return next.value;
    this.ended = true;
    return undefined;
  }

  async close(): Promise<void> {
    if (!this.ended) await this.#iterator.return?.();
  }
}
