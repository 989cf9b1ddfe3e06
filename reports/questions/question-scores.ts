import type { QuestionOrder } from './question-order.ts';

/** A run's values by question, of the metrics that are kept: 8 bytes each. */
export class QuestionScores {
  readonly order: QuestionOrder;
  readonly #values = new Map<string, Float64Array>();

  /** @param metrics Ids of the metrics that are kept. */
  constructor(order: QuestionOrder, metrics: readonly string[]) {
    this.order = order;
    for (const metric of metrics) this.#values.set(metric, new Float64Array(order.ids.length).fill(NaN));
  }

  /** The metrics that are kept. */
  get metrics(): string[] {
    return [...this.#values.keys()];
  }

  /** Keeps the values of a question. */
  set(id: string, valueOf: (metric: string) => number | null): void {
    const place = this.order.places.get(id);
    if (place === undefined) return;
    for (const [metric, kept] of this.#values) kept[place] = valueOf(metric) ?? NaN;
  }

  /** Keeps some metrics no longer. */
  forget(metrics: Iterable<string>): void {
    for (const metric of metrics) this.#values.delete(metric);
  }

  /** The values of a metric in the questions' order; NaN where the question was not scored or the metric does not apply. */
  of(metric: string): Float64Array {
    return this.#values.get(metric) ?? new Float64Array(this.order.ids.length).fill(NaN);
  }
}
