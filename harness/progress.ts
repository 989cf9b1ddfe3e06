import { performance } from 'node:perf_hooks';

/** What a Progress shows and where. */
export interface ProgressOptions {
  readonly label: string;
  /** Units in all; without it no share and no time left are shown. */
  readonly total?: number;
  readonly unit?: string;
  /** Units that were there before this process began: they count as done, not as speed. */
  readonly already?: number;
  readonly stream?: NodeJS.WriteStream;
}

const REDRAW_MS = 200;
/** Away from a terminal (a log file, CI) a line now and then is enough. */
const PLAIN_LINE_MS = 15_000;

/** Progress of long work with the time left: one line that is redrawn on a terminal, plain lines elsewhere. Goes to stderr, so that stdout stays clean. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  /** Share of the work that was done before this process began. */
  #already: number;
  #done: number;
  #share: number;
  #drawn = -Infinity;
  #open = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#stream = options.stream ?? process.stderr;
    this.#done = options.already ?? 0;
    this.#share = options.total ? this.#done / options.total : 0;
    this.#already = this.#share;
  }

  /** Says that a share of the work, found only now, was done before this process began: it counts as done, not as speed. */
  found(share: number): void {
    this.#already += share;
  }

  /**
   * Sets the units done (the ones of before included) and an optional note, shown at the end of the line.
   * `share`: the share of the work that is done, where units take more or less work each.
   */
  update(done: number, note = '', share?: number): void {
    this.#done = done;
    this.#share = share ?? (this.#options.total ? done / this.#options.total : 0);
    const now = performance.now();
    if (now - this.#drawn < (this.#stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS)) return;
    this.#drawn = now;
    this.#write(this.line(note));
  }

  /** Draws the last state and ends the line. */
  finish(note = ''): void {
    this.#write(`${this.line(note)}`);
    if (this.#stream.isTTY && this.#open) this.#stream.write('\n');
    this.#open = false;
  }

  /** The line as it would be drawn now. */
  line(note = ''): string {
    const { label, total, unit = '' } = this.#options;
    const seconds = (performance.now() - this.#started) / 1000;
    const amount = total === undefined ? `${format(this.#done)}` : `${format(this.#done)}/${format(total)}`;
    const share = total ? ` ${Math.floor(100 * this.#share)} %` : '';
    const speed = (this.#share - this.#already) / Math.max(seconds, 1e-3);
    const left = total && speed > 0 && this.#share < 1 ? `, ${duration((1 - this.#share) / speed)} left` : '';
    return `${label}: ${amount}${unit && ` ${unit}`}${share}, ${duration(seconds)}${left}${note && `, ${note}`}`;
  }

  #write(line: string): void {
    if (this.#stream.isTTY) {
      const width = (this.#stream.columns || 80) - 1;
      this.#stream.write(`\r\u001b[K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
      this.#open = true;
    } else {
      this.#stream.write(`${line}\n`);
    }
  }
}

/** Seconds as a short text: `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function format(amount: number): string {
  return Number.isInteger(amount) ? amount.toLocaleString('en-US') : amount.toFixed(1);
}
