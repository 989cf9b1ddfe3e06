import type { Metric, MetricUnit, Question } from '../metrics/metric.ts';
import type { Prediction } from '../prediction.ts';
import type { Interval } from '../statistics/interval.ts';
import { RunningMean } from '../statistics/running-mean.ts';
import { wilson } from '../statistics/wilson.ts';

/** A metric's mean over the questions that it applies to. */
export interface ScoreRow {
  readonly metric: string;
  /** In the unit: a share is given in [0, 1]. */
  readonly value: number;
  /** 95 % interval: Wilson's for metrics that are 0 or 1, Student's t otherwise (shares cut to [0, 1]); null where one value gives none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Questions in the mean. */
  readonly n: number;
  readonly unit: MetricUnit;
  /** Questions answered that the metric does not apply to. */
  readonly notApplicable: number;
}

/** Adds one metric up over a stream of questions, in constant memory. */
export class Tally {
  readonly metric: Metric;
  /** The value of the question scored last. */
  last: number | null = null;
  readonly #mean = new RunningMean();
  #notApplicable = 0;

  constructor(metric: Metric) {
    this.metric = metric;
  }

  /** Scores one question. */
  add(prediction: Prediction, question: Question): void {
    const value = this.metric.score(prediction, question);
    this.last = value;
    if (value === null) this.#notApplicable++;
    else this.#mean.add(value, this.metric.weight?.(prediction));
  }

  /** The row, or null where the metric applied to no question. */
  row(): ScoreRow | null {
    const { n, mean } = this.#mean;
    if (n === 0) return null;
    const interval = this.#interval();
    return {
      metric: this.metric.id,
      value: mean,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      n,
      unit: this.metric.unit,
      notApplicable: this.#notApplicable,
    };
  }

  #interval(): Interval | null {
    const { n, mean } = this.#mean;
    if (this.metric.binary) return wilson(mean, n);
    const interval = this.#mean.interval();
    if (this.metric.unit !== 'share') return interval;
    // Values that are all 0 or all 1 have no spread to go by. Wilson's interval is wide enough for any values in [0, 1], whose variance is at most mean (1 - mean).
    if (!interval || mean === 0 || mean === 1) return wilson(mean, n);
    return { low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
  }
}
