import type { ChartSpec } from '../charts/chart-spec.ts';
import type { ForestRow } from '../charts/forest-chart.ts';
import type { RowGroup } from '../charts/grouped-rows.ts';
import type { Colour } from '../charts/palette.ts';
import { groupBy } from '../group-by.ts';
import type { PairedDifference } from '../paired-differences.ts';
import { chartLabel, chartSubtitle } from './row-words.ts';

/** Rows that a chart has room for, headings aside. */
const MOST = 40;

/**
 * Forest plots of a benchmark's (and model's) paired differences in exact match, in the order of the comparison: one for each system that others are compared with in turn, where it is
 * compared with more than one system family, one for all others together.
 */
export function forestSpecs(
  benchmark: string,
  differences: readonly PairedDifference[],
  colours: ReadonlyMap<string, Colour>,
): ChartSpec[] {
  // The reference is compared with many families; what else is compared is a system of one ratio with the method.
  const byOther = [...groupBy(differences, ({ other }) => other.label).values()];
  const references = byOther.filter((group) => new Set(group.map(({ one }) => one.manifest.system.id)).size > 1);
  const others = byOther.filter((group) => !references.includes(group));
  return [...references.map((group) => [group]), ...(others.length > 0 ? [others] : [])].map((groups, at) => {
    const all = groups.flat();
    const shown = all.slice(0, MOST);
    const left = all.length - shown.length;
    const intervals = [
      ...(all.some(({ seeds }) => seeds > 1)
        ? ['95 % intervals (bootstrap, of several seeds hierarchical)', 'p as in the table']
        : ['95 % intervals (paired bootstrap)', 'p of McNemar’s test']),
      ...(left > 0 ? [`not drawn: ${left} more, see the table`] : []),
    ].join('; ');
    return {
      kind: 'forest',
      given: [
        {
          benchmark,
          part: String(at + 1),
          one: namesOf(all.map(({ one }) => one)),
          other: namesOf(all.map(({ other }) => other)),
        },
        [...groupBy(shown, ({ other }) => other.label)].map(([, group]): RowGroup<ForestRow> => ({
          heading: `minus ${chartLabel(group[0]!.other)}`,
          rows: group.map((difference) => rowOf(difference, colours)),
        })),
        chartSubtitle([...new Set(all.flatMap(({ one, other }) => [one, other]))], intervals),
      ],
    };
  });
}

/** What all rows are called: by their label, family or system, whichever is the same in all; undefined where none is. */
function namesOf(rows: readonly PairedDifference['one'][]): string | undefined {
  const names = [rows.map(({ label }) => label), rows.map(({ family }) => family), rows.map((row) => row.manifest.system.id)]; // prettier-ignore
  return names.find((list) => new Set(list).size === 1)?.[0];
}

function rowOf(
  { one, n, exactMatch: { mean, interval }, correctedP }: PairedDifference,
  colours: ReadonlyMap<string, Colour>,
): ForestRow {
  return {
    label: chartLabel(one),
    colour: colours.get(one.family)!,
    value: 100 * mean,
    low: interval && 100 * interval.low,
    high: interval && 100 * interval.high,
    n,
    p: correctedP,
  };
}
