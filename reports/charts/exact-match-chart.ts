import type { ChartConfiguration } from 'chart.js';
import type {} from 'chartjs-chart-error-bars';
import { axisRows, endLabels, rowScales, rowsHeight, type Row, type RowGroup } from './grouped-rows.ts';
import { ink, type Colour } from './palette.ts';
import type { Chart } from './chart.ts';

/** A system's exact match in percent with its interval. */
export interface ShareRow extends Row {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly colour: Colour;
}

/** Lets the interval be seen in front of its bar. */
const BAR_ALPHA = 'b0';

/** Horizontal bars of exact match with their intervals, one group a benchmark. */
export function exactMatchChart(groups: readonly RowGroup<ShareRow>[], subtitle: string): Chart {
  const rows = axisRows(groups);
  return {
    name: 'exact-match',
    title: highest(groups),
    subtitle: `Exact match by system and benchmark; ${subtitle}`,
    alt: groups
      .map(({ heading, rows }) => `${heading}: ${rows.map((row) => `${row.label} ${describe(row)}`).join('; ')}.`)
      .join(' '),
    height: rowsHeight(rows),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'barWithErrorBars'> = {
        type: 'barWithErrorBars',
        data: {
          labels: rows.map(({ label }) => label),
          datasets: [
            {
              data: rows.map(({ row }, y) => ({
                y,
                x: row?.value ?? NaN,
                xMin: row?.low ?? NaN,
                xMax: row?.high ?? NaN,
              })),
              backgroundColor: rows.map(({ row }) => `${(row?.colour ?? ink.grid)[side]}${BAR_ALPHA}`),
              errorBarColor: ink.text[side],
              errorBarWhiskerColor: ink.text[side],
              errorBarWhiskerSize: 8,
              barPercentage: 0.82,
              categoryPercentage: 0.9,
            },
          ],
        },
        options: {
          indexAxis: 'y',
          scales: rowScales(rows, side, {
            title: 'exact match, % of questions',
            max: Math.max(...rows.map(({ row }) => row?.high ?? 0)),
          }),
          plugins: { legend: { display: false } },
        },
        plugins: [endLabels(rows, { side, font }, ({ value, high }) => ({ at: high, text: value.toFixed(1) }))],
      };
      return configuration;
    },
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

function describe({ value, low, high }: ShareRow): string {
  return `${value.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}
