import { Progress } from '../progress.ts';
import { labelOf } from './job.ts';
import type { PlannedJob } from './plan-suite.ts';
import type { WorkEvent } from './worker-protocol.ts';

interface JobState extends PlannedJob {
  read: number;
  settled: number;
  failures: number;
  begun: boolean;
  ended: boolean;
}

/** Progress over the whole suite on stderr, from what the workers tell: measured in what there is to read, since questions with documents take far longer than those without. */
export class SuiteProgress {
  readonly #jobs: Map<string, JobState>;
  readonly #progress: Progress;
  readonly #questions: number;
  readonly #clock: NodeJS.Timeout;
  #current = '';

  /** `missing`: those of the planned jobs that are not complete. */
  constructor(label: string, planned: readonly PlannedJob[], missing: readonly PlannedJob[]) {
    const open = new Set(missing.map(({ job }) => job.key));
    this.#jobs = new Map(
      planned.map((plan) => {
        const done = !open.has(plan.job.key);
        const settled = done ? plan.job.examples.count : 0;
        return [
          plan.job.key,
          { ...plan, read: done ? plan.length : 0, settled, failures: 0, begun: done, ended: done },
        ];
      }),
    );
    this.#questions = planned.reduce((sum, { job }) => sum + job.examples.count, 0);
    const total = kilo(planned.reduce((sum, { length }) => sum + length, 0));
    this.#progress = new Progress({ label, total, unit: 'kB read', already: this.#read() });
    this.#clock = setInterval(() => this.#draw(), 1000);
  }

  /** Takes in what a worker tells. */
  on(event: WorkEvent): void {
    if (event.type === 'waiting') this.#current = `waiting for ${event.keys.length} job(s) of another process`;
    const state = 'key' in event ? this.#jobs.get(event.key) : undefined;
    if (!state || state.ended) return;
    if (event.type === 'progress') {
      if (!state.begun) this.#progress.found(kilo(event.read - state.read));
      state.begun = true;
      Object.assign(state, { read: event.read, settled: event.settled, failures: event.failures });
      this.#current = labelOf(state.job);
    } else if (event.type === 'end') {
      Object.assign(state, {
        read: state.length,
        settled: state.job.examples.count,
        failures: event.failures,
        begun: true,
        ended: true,
      });
      const failed = event.failures > 0 ? `, ${event.failures} of them FAILED` : '';
      this.say(`done: ${labelOf(state.job)}: ${event.predictions + event.failures} questions${failed}`);
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
    this.#progress.update(this.#read());
    this.#progress.finish(this.#note());
  }

  #draw(): void {
    this.#progress.update(this.#read(), this.#note());
  }

  #note(): string {
    const states = [...this.#jobs.values()];
    const settled = states.reduce((sum, state) => sum + state.settled, 0);
    const failures = states.reduce((sum, state) => sum + state.failures, 0);
    const failed = failures > 0 ? `, ${failures} failed` : '';
    return `${settled}/${this.#questions} questions${failed}${this.#current && `, ${this.#current}`}`;
  }

  #read(): number {
    return kilo([...this.#jobs.values()].reduce((sum, { read }) => sum + read, 0));
  }
}

function kilo(characters: number): number {
  return Math.round(characters / 1000);
}
