import type { Metric } from '../../harness/metrics/metric.ts';
import { comparePaired, type PairedComparison } from '../../harness/statistics/compare-paired.ts';
import type { CompareOptions } from './compare-runs.ts';
import type { CellPair } from './match-cells.ts';
import { type HopsPair, PairReader } from './read-pairs.ts';

/** By what cells are compared and how. */
export interface ComparePairsOptions extends Pick<CompareOptions, 'by' | 'interval' | 'seed' | 'onProgress'> {
  readonly metric: Metric;
  readonly preset: string;
  /** Users' own metrics. */
  readonly own: readonly Metric[];
}

/** One comparison, before its p is corrected. */
export interface PairsComparison extends PairedComparison {
  /** What it is of: benchmark, ratio or number of hops, with its name. */
  readonly group: string;
  readonly labels: { readonly one: string; readonly other: string };
}

/** What came of comparing pairs. */
export interface ComparedPairs {
  /** In the order of their names. */
  readonly rows: readonly PairsComparison[];
  /** The pairs without any question that the metric applies to and that both sides answered. */
  readonly empty: readonly CellPair[];
}

/** Compares cells question by question, one row for each pair or pooled. */
export async function comparePairs(
  pairs: readonly CellPair[],
  { by, interval = 'bca', seed = 0, onProgress, metric, preset, own }: ComparePairsOptions,
): Promise<ComparedPairs> {
  let read = 0;
  const total = pairs.reduce((sum, { one }) => sum + one.runs.length, 0) + countOthers(pairs);
  const onRead = (): void => onProgress?.(++read, total, 'runs');
  const reader = new PairReader({ metric, preset, own, withHops: by === 'hops', onRead });
  const groups = new Map<string, { pairs: HopsPair[]; ones: Set<string>; others: Set<string> }>();
  const empty: CellPair[] = [];
  for (const cells of byOther(pairs)) {
    const questions = await reader.read(cells);
    if (questions.length === 0) empty.push(cells);
    for (const pair of questions) {
      const name = groupOf(cells, pair, by);
      let group = groups.get(name);
      if (!group) groups.set(name, (group = { pairs: [], ones: new Set(), others: new Set() }));
      group.pairs.push(pair);
      group.ones.add(cells.one.label);
      group.others.add(cells.other.label);
    }
  }
  const names = [...groups.keys()].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const rows = names.map((name, at) => {
    const { pairs, ones, others } = groups.get(name)!;
    const comparison = comparePaired(pairs, { binary: metric.binary, method: interval, seed });
    onProgress?.(at + 1, names.length, 'comparisons');
    const group = by === undefined ? name.slice(0, name.indexOf('\n')) : name;
    return { group, labels: { one: joined(ones), other: joined(others) }, ...comparison };
  });
  return { rows, empty };
}

/** Runs of the second cells, read once for all pairs of a cell. */
function countOthers(pairs: readonly CellPair[]): number {
  return [...new Set(pairs.map(({ other }) => other))].reduce((sum, { runs }) => sum + runs.length, 0);
}

function byOther(pairs: readonly CellPair[]): CellPair[] {
  const order = [...new Set(pairs.map(({ other }) => other))];
  return [...pairs].sort((one, other) => order.indexOf(one.other) - order.indexOf(other.other));
}

function groupOf({ one, other }: CellPair, { hops }: HopsPair, by: CompareOptions['by']): string {
  if (by === 'benchmark') return one.benchmark;
  if (by === 'hops') return hops === 0 ? 'hops unknown' : `hops ${hops}`;
  const ratio = one.ratio ?? other.ratio;
  if (by === 'ratio') return ratio === null ? 'no ratio' : `ratio ${ratio}`;
  return [one.benchmark, String(ratio ?? 0), one.label, other.label].join('\n');
}

function joined(labels: ReadonlySet<string>): string {
  return labels.size > 2 ? `${labels.size} settings` : [...labels].join(' and ');
}
