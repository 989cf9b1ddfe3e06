import { Progress } from '../progress.ts';
import type { PlannedJob } from './plan-suite.ts';
import type { WorkEvent } from './worker-protocol.ts';

/** What a question costs whatever is read for it (the template, the answer), in characters read. */
const QUESTION_COST = 800;

interface JobState extends PlannedJob {
  settled: number;
  failures: number;
  /** Characters read, and the cost of the questions themselves. */
  work: number;
  begun: boolean;
  ended: boolean;
}

/** Progress over the whole suite on stderr, from what the workers tell. The time left goes by what there is to read, since questions with documents take far longer than those without. */
export class SuiteProgress {
  readonly #jobs: Map<string, JobState>;
  readonly #progress: Progress;
  readonly #work: number;
  readonly #clock: NodeJS.Timeout;
  #current = '';

  /** `missing`: those of the planned jobs that are not complete. */
  constructor(title: string, planned: readonly PlannedJob[], missing: readonly PlannedJob[]) {
    const open = new Set(missing.map(({ job }) => job.key));
    const states = planned.map((plan): JobState => {
      const done = !open.has(plan.job.key);
      const settled = done ? plan.job.examples.count : 0;
      return { ...plan, settled, failures: 0, work: done ? wholeWork(plan) : 0, begun: done, ended: done };
    });
    this.#jobs = new Map(states.map((state) => [state.job.key, state]));
    this.#work = planned.reduce((sum, plan) => sum + wholeWork(plan), 0);
    const total = planned.reduce((sum, { job }) => sum + job.examples.count, 0);
    this.#progress = new Progress({ label: title, total, unit: 'questions' });
    this.#progress.found(this.#sum('work') / this.#work);
    this.#clock = setInterval(() => this.#draw(), 1000);
  }

  /** Takes in what a worker tells. */
  on(event: WorkEvent): void {
    if (event.type === 'waiting') this.#current = `waiting for ${event.keys.length} job(s) of another process`;
    const state = 'key' in event ? this.#jobs.get(event.key) : undefined;
    if (!state || state.ended) return;
    if (event.type === 'progress') {
      const { settled, failures, read } = event;
      Object.assign(state, { settled, failures, work: read + settled * QUESTION_COST });
      if (!state.begun) this.#progress.found(state.work / this.#work);
      state.begun = true;
      this.#current = state.label;
    } else if (event.type === 'end') {
      const settled = state.job.examples.count;
      Object.assign(state, { settled, failures: event.failures, work: wholeWork(state), begun: true, ended: true });
      const failed = event.failures > 0 ? `, ${event.failures} of them FAILED` : '';
      this.say(`done: ${state.label}: ${settled} questions${failed}`);
    }
    this.#draw();
  }

  /** Writes a line that stays. */
  say(line: string): void {
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${line}\n`);
  }

  /** Ends the display. */
  close(): void {
    clearInterval(this.#clock);
    this.#current = '';
    this.#draw();
    this.#progress.finish(this.#failed());
  }

  #draw(): void {
    const note = [this.#failed(), this.#current].filter(Boolean).join(', ');
    this.#progress.update(this.#sum('settled'), note, this.#sum('work') / this.#work);
  }

  #failed(): string {
    const failures = this.#sum('failures');
    return failures > 0 ? `${failures} failed` : '';
  }

  #sum(field: 'settled' | 'failures' | 'work'): number {
    return [...this.#jobs.values()].reduce((sum, state) => sum + state[field], 0);
  }
}

function wholeWork({ job, length }: PlannedJob): number {
  return length + job.examples.count * QUESTION_COST;
}
