import { Progress } from '../progress.ts';
import type { PlannedJob } from './planned-job.ts';
import { stepText } from './step-text.ts';
import { inOneLine } from './training-failure.ts';
import type { WorkEvent } from './worker-protocol.ts';

/** What a question costs whatever is read for it (the template, the answer), in characters read. */
const QUESTION_COST = 800;
/** What a row of a training costs in characters read: four a token, forward, and twice as much backward. */
const ROW_COST = 12;

type JobState = PlannedJob & {
  /** Questions. */
  settled: number;
  failures: number;
  /** Of the job, in characters read, the cost of the questions themselves among them. */
  work: number;
  begun: boolean;
  ended: boolean;
  failed: boolean;
};

/** Progress over the whole suite on stderr, from what the workers tell. The time left goes by what there is to read and to train on, since questions with documents take far longer than those without. */
export class SuiteProgress {
  readonly #jobs: Map<string, JobState>;
  readonly #progress: Progress;
  readonly #work: number;
  readonly #onlyTraining: boolean;
  readonly #clock: NodeJS.Timeout;
  /** What is being done, by the key of the job. */
  readonly #current = new Map<string, string>();
  #waiting = '';

  /** `missing`: those of the planned jobs that are not complete. */
  constructor(title: string, planned: readonly PlannedJob[], missing: readonly PlannedJob[]) {
    const open = new Set(missing.map(({ job }) => job.key));
    const states = planned.map((plan): JobState => {
      const done = !open.has(plan.job.key);
      const settled = done ? questionsOf(plan) : 0;
      const work = done ? wholeWork(plan) : 0;
      return { ...plan, settled, failures: 0, work, begun: done, ended: done, failed: false };
    });
    this.#jobs = new Map(states.map((state) => [state.job.key, state]));
    this.#work = Math.max(
      1,
      planned.reduce((sum, plan) => sum + wholeWork(plan), 0),
    );
    const questions = planned.reduce((sum, plan) => sum + questionsOf(plan), 0);
    this.#onlyTraining = questions === 0;
    const total = this.#onlyTraining ? planned.length : questions;
    this.#progress = new Progress({ label: title, total, unit: this.#onlyTraining ? 'trainings' : 'questions' });
    this.#progress.found(this.#sum('work') / this.#work);
    this.#clock = setInterval(() => this.#draw(), 1000);
  }

  /** Takes in what a worker tells. */
  on(event: WorkEvent): void {
    if (event.type === 'waiting') this.#waiting = `waiting for ${event.keys.length} job(s) of another process`;
    const state = 'key' in event ? this.#jobs.get(event.key) : undefined;
    if (!state || state.ended) return;
    const { key } = state.job;
    if (event.type === 'begin') {
      this.#current.set(key, state.label);
      this.#waiting = '';
    } else if (event.type === 'progress') {
      const { settled, failures, read } = event;
      const work = read + settled * QUESTION_COST;
      this.#found(state, work);
      Object.assign(state, { settled, failures, work });
    } else if (event.type === 'step') {
      this.#found(state, (wholeWork(state) * (event.step - 1)) / event.steps);
      state.work = (wholeWork(state) * event.step) / event.steps;
      this.#current.set(key, `${state.label}: ${stepText(event)}`);
    } else if (event.type === 'end') {
      const settled = questionsOf(state);
      Object.assign(state, { settled, failures: event.failures, work: wholeWork(state), ended: true });
      const failed = event.failures > 0 ? `, ${event.failures} of them FAILED` : '';
      const trained = this.#current.get(key) ?? state.label;
      this.say(`done: ${state.kind === 'train' ? trained : `${state.label}: ${settled} questions${failed}`}`);
    } else if (event.type === 'failed') {
      this.#progress.found((wholeWork(state) - state.work) / this.#work);
      Object.assign(state, { work: wholeWork(state), ended: true, failed: true });
      this.say(`FAILED: ${state.label}: ${inOneLine(event)}`);
    }
    if (state.ended) this.#current.delete(key);
    this.#draw();
  }

  /** Writes a line that stays. */
  say(line: string): void {
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${line}\n`);
  }

  /** Ends the display. */
  close(): void {
    clearInterval(this.#clock);
    this.#current.clear();
    this.#waiting = '';
    this.#draw();
    this.#progress.finish(this.#failed());
  }

  #draw(): void {
    const states = [...this.#jobs.values()];
    const current = [...this.#current.values()];
    const note = [this.#failed(), ...(current.length > 0 ? current : [this.#waiting])].filter(Boolean).join(', ');
    const done = this.#onlyTraining ? states.filter(({ ended }) => ended).length : this.#sum('settled');
    this.#progress.update(done, note, this.#sum('work') / this.#work);
  }

  /** What of a job was done before this process began: known when it first tells of itself. */
  #found(state: JobState, work: number): void {
    if (!state.begun) this.#progress.found(work / this.#work);
    state.begun = true;
  }

  #failed(): string {
    const failures = this.#sum('failures');
    const jobs = [...this.#jobs.values()].filter(({ failed }) => failed).length;
    return [failures > 0 && `${failures} failed`, jobs > 0 && `${jobs} jobs FAILED`].filter(Boolean).join(', ');
  }

  #sum(field: 'settled' | 'failures' | 'work'): number {
    return [...this.#jobs.values()].reduce((sum, state) => sum + state[field], 0);
  }
}

function questionsOf(plan: PlannedJob): number {
  return plan.kind === 'predict' ? plan.job.examples.count : 0;
}

function wholeWork(plan: PlannedJob): number {
  return plan.kind === 'predict' ? plan.length + questionsOf(plan) * QUESTION_COST : plan.rows * ROW_COST;
}
