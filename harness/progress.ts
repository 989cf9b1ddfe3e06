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
  #already: number;
  #done: number;
  #drawn = -Infinity;
  #open = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#stream = options.stream ?? process.stderr;
    this.#already = options.already ?? 0;
    this.#done = this.#already;
  }

  /** Says that some more units, found only now, were there before this process began. */
  found(units: number): void {
    this.#already += units;
  }

  /** Sets the units done (the ones of before included) and an optional note, shown at the end of the line. */
  update(done: number, note = ''): void {
    this.#done = done;
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
    const speed = (this.#done - this.#already) / Math.max(seconds, 1e-3);
    const amount = total === undefined ? `${format(this.#done)}` : `${format(this.#done)}/${format(total)}`;
    const share = total ? ` ${Math.floor((100 * this.#done) / total)} %` : '';
    const left = total && speed > 0 && this.#done < total ? `, ${duration((total - this.#done) / speed)} left` : '';
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
