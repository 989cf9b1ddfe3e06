import type { ChartConfiguration, Plugin } from 'chart.js';
import type {} from 'chartjs-chart-error-bars';
import type { Look } from './chart.ts';
import { endLabels, rowScales, type AxisRow, type Row } from './grouped-rows.ts';
import { ink, type Colour } from './palette.ts';

/** A system's share in percent with its interval. */
export interface ShareRow extends Row {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly colour: Colour;
  /** What else is drawn in the row, in percent: its value is written behind what is near. */
  readonly marks?: readonly number[];
}

/** Lets the interval be seen in front of its bar. */
const BAR_ALPHA = 'b0';
/** What a number takes of an axis to a hundred. */
const NUMBER_WIDTH = 12;

/** Horizontal bars of shares with their intervals and values. `title`: of the axis; `plugins`: what else is drawn. */
export function shareBars<R extends ShareRow>(
  rows: readonly AxisRow<R>[],
  title: string,
  { side, font }: Look,
  plugins: readonly Plugin<'barWithErrorBars'>[] = [],
): ChartConfiguration<'barWithErrorBars'> {
  return {
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
      scales: rowScales(rows, side, { title, max: Math.max(...rows.map(({ row }) => row?.high ?? 0)) }),
      plugins: { legend: { display: false } },
    },
    plugins: [
      endLabels(rows, { side, font }, (row) => ({ at: behindMarks(row), text: row.value.toFixed(1) })),
      ...plugins,
    ],
  };
}

/** The end of the interval, or the last of the marks that the number would be written over. */
function behindMarks({ high, marks = [] }: ShareRow): number {
  return [...marks]
    .sort((one, other) => one - other)
    .reduce((at, mark) => (mark < at + NUMBER_WIDTH ? Math.max(at, mark) : at), high);
}

/** A share in words. */
export function describeShare({ value, low, high }: Pick<ShareRow, 'value' | 'low' | 'high'>): string {
  return `${value.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}
