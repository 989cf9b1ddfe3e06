import type { Chart } from './chart.ts';
import { axisRows, rowsHeight, type RowGroup } from './grouped-rows.ts';
import { describeShare, shareBars, type ShareRow } from './share-bars.ts';

/** Horizontal bars of exact match with their intervals, one group a benchmark. */
export function exactMatchChart(groups: readonly RowGroup<ShareRow>[], subtitle: string): Chart {
  const rows = axisRows(groups);
  return {
    name: 'exact-match',
    title: highest(groups),
    subtitle: `Exact match by system and benchmark; ${subtitle}`,
    alt: groups
      .map(({ heading, rows }) => `${heading}: ${rows.map((row) => `${row.label} ${describeShare(row)}`).join('; ')}.`)
      .join(' '),
    height: rowsHeight(rows),
    configuration: (look) => shareBars(rows, 'exact match, % of questions', look),
  };
}

/** Groups that a title has room for. */
const TITLED = 3;

/** Which system has the highest exact match in each group; ties are named together. */
function highest(groups: readonly RowGroup<ShareRow>[]): string {
  const best = groups.map(({ heading, rows }) => {
    const value = Math.max(...rows.map((row) => row.value));
    const names = rows.filter((row) => row.value === value).map(({ label }) => label);
    return { benchmark: heading.replace(/ \(n = .*$/, ''), names, value };
  });
  const told = best.slice(0, TITLED).map(({ benchmark, names, value }) => {
    const who = names.length > 2 ? `${names.length} systems` : names.join(' and ');
    return `${value.toFixed(1)}\u00a0% on ${benchmark} (${who})`;
  });
  return `Highest exact match: ${told.join(', ')}${best.length > TITLED ? ', …' : ''}`;
}
