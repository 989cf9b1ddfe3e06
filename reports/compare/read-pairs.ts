import path from 'node:path';
import type { Metric } from '../../harness/metrics/metric.ts';
import type { Pair } from '../../harness/statistics/compare-paired.ts';
import { pairSeeds } from '../pair-seeds.ts';
import { goldCounts } from '../questions/gold-counts.ts';
import { type QuestionOrder, QuestionOrders } from '../questions/question-order.ts';
import { RUN_FILES, scoreRun } from '../report-row.ts';
import type { Cell, CellPair } from './match-cells.ts';

/** A question of two cells, with the gold passages that it has. */
export interface HopsPair extends Pair {
  /** Null unless asked for. */
  readonly hops: number | null;
}

/** How values are read. */
export interface ReadOptions {
  readonly metric: Metric;
  readonly preset: string;
  /** Users' own metrics. */
  readonly own: readonly Metric[];
  readonly withHops: boolean;
  readonly onRead: () => void;
}

/** A run's values in the order of its questions. */
interface RunValues {
  readonly order: QuestionOrder;
  readonly values: Float64Array;
}

/** No place in any order. */
const NONE = -1;

/** Reads the values of cells question by question; those of a run that is asked for again are kept as long as the second of the cells stays the same. */
export class PairReader {
  readonly #options: ReadOptions;
  readonly #orders = new QuestionOrders();
  #kept: { readonly cell: Cell; readonly values: readonly RunValues[] } | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  /**
   * The pairs of two cells: of the same seeds (see `pairSeeds`), question by question of the same id. Questions that one of them failed, or that the metric does not apply to, are
   * left out. None where no seed is common.
   */
  async read({ one, other }: CellPair): Promise<HopsPair[]> {
    const [ones, others] = [await this.#valuesOf(one), await this.#othersOf(other)];
    // Each gold passage is a hop.
    const hops = this.#options.withHops
      ? await goldCounts(path.join(one.runs[0]!.folder, RUN_FILES.examples))
      : undefined;
    const pairs: HopsPair[] = [];
    for (const { seed, ...runs } of pairSeeds(one.runs, other.runs)) {
      const [here, there] = [ones[one.runs.indexOf(runs.one)]!, others[other.runs.indexOf(runs.other)]!];
      for (const [place, value] of here.values.entries()) {
        const id = here.order.ids[place]!;
        const otherValue = there.values[there.order.places.get(id) ?? NONE] ?? NaN;
        if (Number.isNaN(value) || Number.isNaN(otherValue)) continue;
        const question = `${one.benchmark} ${place}`;
        pairs.push({ question, seed, one: value, other: otherValue, hops: hops?.[place] ?? null });
      }
    }
    return pairs;
  }

  async #othersOf(cell: Cell): Promise<readonly RunValues[]> {
    if (this.#kept?.cell !== cell) this.#kept = { cell, values: await this.#valuesOf(cell) };
    return this.#kept.values;
  }

  async #valuesOf({ runs }: Cell): Promise<RunValues[]> {
    const { metric, preset, own, onRead } = this.#options;
    const values: RunValues[] = [];
    for (const run of runs) {
      const { questions } = await scoreRun(run, { preset, metrics: own }, this.#orders, ({ id }) => id === metric.id);
      values.push({ order: questions.order, values: questions.of(metric.id) });
      onRead();
    }
    return values;
  }
}
