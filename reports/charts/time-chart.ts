import type { ChartConfiguration } from 'chart.js';
import { axisRows, endLabels, rowScales, rowsHeight, type Row, type RowGroup } from './grouped-rows.ts';
import { ink, phaseColours } from './palette.ts';
import type { Chart } from './chart.ts';

/** A phase of answering a question. */
export type Phase = keyof typeof phaseColours;

/** The phases in the order in which they happen. */
export const phases = Object.keys(phaseColours) as Phase[];

/** A system's mean milliseconds a question by phase; a phase that it does not have is left out. */
export interface TimeRow extends Row {
  readonly ms: Readonly<Partial<Record<Phase, number>>>;
}

const LEGEND_HEIGHT = 44;

/** Horizontal bars of the time a question takes, stacked by phase, one group a benchmark. */
export function timeChart(groups: readonly RowGroup<TimeRow>[], subtitle: string): Chart {
  const rows = axisRows(groups);
  const shown = phases.filter((phase) => rows.some(({ row }) => row?.ms[phase]));
  return {
    name: 'time',
    title: spread(groups),
    subtitle: `Time a question by phase; ${subtitle}`,
    alt: groups
      .map(({ heading, rows }) => `${heading}: ${rows.map((row) => `${row.label} ${describe(row)}`).join('; ')}.`)
      .join(' '),
    height: rowsHeight(rows) + LEGEND_HEIGHT,
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'bar'> = {
        type: 'bar',
        data: {
          labels: rows.map(({ label }) => label),
          datasets: shown.map((phase) => ({
            label: phase,
            data: rows.map(({ row }) => row?.ms[phase] ?? NaN),
            backgroundColor: phaseColours[phase][side],
            // A line of the background between two phases, so that they are told apart without their colours.
            borderColor: ink.surface[side],
            borderWidth: { right: 1.5 },
            borderSkipped: false,
            barPercentage: 0.82,
            categoryPercentage: 0.9,
          })),
        },
        options: {
          indexAxis: 'y',
          scales: rowScales(rows, side, {
            title: 'milliseconds a question, mean',
            max: Math.max(...rows.map(({ row }) => (row ? total(row.ms) : 0))),
            stacked: true,
          }),
          plugins: { legend: { position: 'top', align: 'start', labels: { boxWidth: 12, boxHeight: 12 } } },
        },
        plugins: [
          endLabels(rows, { side, font }, ({ ms }) => ({
            at: total(ms),
            text: Math.round(total(ms)).toLocaleString('en-US'),
          })),
        ],
      };
      return configuration;
    },
  };
}

/** The least and the most time of a question over all groups. */
function spread(groups: readonly RowGroup<TimeRow>[]): string {
  const rows = groups.flatMap(({ rows }) => rows).sort((one, other) => total(one.ms) - total(other.ms));
  const told = ({ label, ms }: TimeRow): string =>
    `${Math.round(total(ms)).toLocaleString('en-US')}\u00a0ms (${label})`;
  return rows.length === 1
    ? `A question takes ${told(rows[0]!)}`
    : `A question takes from ${told(rows[0]!)} to ${told(rows.at(-1)!)}`;
}

function total(ms: TimeRow['ms']): number {
  return phases.reduce((sum, phase) => sum + (ms[phase] ?? 0), 0);
}

function describe({ ms }: TimeRow): string {
  const parts = phases.filter((phase) => ms[phase] !== undefined);
  return `${total(ms).toFixed(1)} ms (${parts.map((phase) => `${phase} ${ms[phase]!.toFixed(1)}`).join(', ')})`;
}
