import type { Interval } from './interval.ts';
import { studentT95 } from './student-t.ts';

/**
 * The mean of a stream of values, weighted where weights are given, and its interval, in constant memory: no value is kept.
 * The sum runs in the order of the values, as Python's loops do; the spread is Welford's (1962), which does not lose digits where values are large and close.
 */
export class RunningMean {
  n = 0;
  #sum = 0;
  #weights = 0;
  // Means and centred second moments of y = weight * value and of the weight.
  #meanY = 0;
  #meanW = 0;
  #yy = 0;
  #yw = 0;
  #ww = 0;

  add(value: number, weight = 1): void {
    const y = weight * value;
    this.n++;
    this.#sum += y;
    this.#weights += weight;
    const dy = y - this.#meanY;
    const dw = weight - this.#meanW;
    this.#meanY += dy / this.n;
    this.#meanW += dw / this.n;
    this.#yy += dy * (y - this.#meanY);
    this.#yw += dy * (weight - this.#meanW);
    this.#ww += dw * (weight - this.#meanW);
  }

  /** The weighted mean; NaN where there is no value. */
  get mean(): number {
    return this.#sum / this.#weights;
  }

  /**
   * Student's t interval of the mean, 95 %; null under two values. With weights the mean is a ratio of two sums, whose spread is that of
   * weight * (value - mean) (the delta method). Chosen over a bootstrap, which would have to keep the values or draw B weights for each.
   */
  interval(): Interval | null {
    const error = this.standardError;
    if (error === null) return null;
    const half = studentT95(this.n - 1) * error;
    return { low: this.mean - half, high: this.mean + half };
  }

  /** The standard error behind the interval; null under two values. */
  get standardError(): number | null {
    if (this.n < 2) return null;
    const mean = this.mean;
    const spread = Math.max(0, this.#yy - 2 * mean * this.#yw + mean * mean * this.#ww) / (this.n - 1);
    return Math.sqrt(spread / this.n) / (this.#weights / this.n);
  }
}
