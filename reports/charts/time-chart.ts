import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';
import { axisRows, rowScales, rowsHeight, type AxisRow, type Row, type RowGroup } from './grouped-rows.ts';
import { ink, phaseColours } from './palette.ts';
import type { Chart, Look } from './chart.ts';

/** A phase of answering a question. */
export type Phase = keyof typeof phaseColours;

/** The phases in the order in which they happen. */
export const phases = Object.keys(phaseColours) as Phase[];

/** A system's mean milliseconds a question by phase; a phase that it does not have is left out. */
export interface TimeRow extends Row {
  readonly ms: Readonly<Partial<Record<Phase, number>>>;
}

/** What is done once for many questions, where documents are known before them. */
const BEFORE = 'compress';
const LEGEND_HEIGHT = 44;
/** CSS pixels more for each row where rows have two bars. */
const SECOND_BAR = 7;
const BAR = 12;

/**
 * Horizontal bars of the time a question takes, stacked by phase, one group a benchmark. Where systems compress documents each has two: online, with all phases, and under it offline, with
 * all but compression, which was done once before and whose time stands behind the bar. `benchmark`: where a chart is of one alone of several.
 */
export function timeChart(groups: readonly RowGroup<TimeRow>[], subtitle: string, benchmark?: string): Chart {
  const rows = axisRows(groups);
  const shown = phases.filter((phase) => rows.some(({ row }) => row?.ms[phase]));
  const compresses = shown.includes(BEFORE);
  return {
    name: benchmark === undefined ? 'time' : `time-${benchmark.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${benchmark === undefined ? 'A' : `${benchmark}: a`} question takes ${spread(groups)}`,
    subtitle: [
      'Time a question by phase',
      ...(compresses
        ? ['upper bars: online; lower: offline, documents compressed once before, the time of which stands behind them']
        : []),
      subtitle,
    ].join('; '),
    alt: groups
      .map(({ heading, rows }) => `${heading}: ${rows.map((row) => `${row.label} ${describe(row)}`).join('; ')}.`)
      .join(' '),
    height: rowsHeight(rows) + LEGEND_HEIGHT + (compresses ? SECOND_BAR * rows.length : 0),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'bar'> = {
        type: 'bar',
        data: {
          labels: rows.map(({ label }) => label),
          datasets: [
            ...shown.map((phase) => bars(rows, phase, 'online', side)),
            ...(compresses ? shown.filter((phase) => phase !== BEFORE) : []).map((phase) =>
              bars(rows, phase, 'offline', side),
            ),
          ],
        },
        options: {
          indexAxis: 'y',
          // A row with one bar has it in its middle.
          skipNull: true,
          scales: rowScales(rows, side, {
            title: 'milliseconds a question, mean',
            max: Math.max(...rows.map(({ row }) => (row ? total(row.ms) : 0))),
            stacked: true,
          }),
          plugins: {
            legend: {
              position: 'top',
              align: 'start',
              labels: { boxWidth: 12, boxHeight: 12, filter: ({ datasetIndex }) => datasetIndex! < shown.length },
            },
          },
        },
        plugins: [totals(rows, shown.length, { side, font })],
      };
      return configuration;
    },
  };
}

/** A phase of all rows; offline of those alone that compress. */
function bars(
  rows: readonly AxisRow<TimeRow>[],
  phase: Phase,
  stack: 'online' | 'offline',
  side: Look['side'],
): ChartDataset<'bar'> {
  return {
    label: phase,
    stack,
    data: rows.map(({ row }) => (row && (stack === 'online' || row.ms[BEFORE]) ? (row.ms[phase] ?? 0) : null)),
    backgroundColor: phaseColours[phase][side],
    // A line of the background between two phases, so that they are told apart without their colours.
    borderColor: ink.surface[side],
    borderWidth: { right: 1.5 },
    borderSkipped: false,
    maxBarThickness: BAR,
  };
}

/** Writes the totals behind the bars: the first dataset of each stack says at what height its bars stand. */
function totals(rows: readonly AxisRow<TimeRow>[], offlineAt: number, { side, font }: Look): Plugin {
  return {
    id: 'totals',
    afterDatasetsDraw(chart) {
      const { ctx, scales, data } = chart;
      ctx.save();
      ctx.font = `11px ${font}`;
      ctx.fillStyle = ink.text[side];
      ctx.textBaseline = 'middle';
      const write = (text: string, ms: number, dataset: number, index: number): void => {
        const bar = chart.getDatasetMeta(dataset).data[index];
        if (bar) ctx.fillText(text, scales.x!.getPixelForValue(ms) + 6, bar.y);
      };
      rows.forEach(({ row }, index) => {
        if (!row) return;
        write(short(total(row.ms)), total(row.ms), 0, index);
        const before = row.ms[BEFORE];
        if (!before || offlineAt >= data.datasets.length) return;
        const left = total(row.ms) - before;
        write(`${short(left)} (${short(before)} before)`, left, offlineAt, index);
      });
      ctx.restore();
    },
  };
}

/** Milliseconds: whole from ten on, below it two digits. */
function short(ms: number): string {
  return ms >= 10 ? Math.round(ms).toLocaleString('en-US') : String(Number(ms.toPrecision(2)));
}

/** The least and the most time of a question over all groups. */
function spread(groups: readonly RowGroup<TimeRow>[]): string {
  const rows = groups.flatMap(({ rows }) => rows).sort((one, other) => total(one.ms) - total(other.ms));
  const told = ({ label, ms }: TimeRow): string => `${short(total(ms))}\u00a0ms (${label})`;
  return rows.length === 1 ? told(rows[0]!) : `from ${told(rows[0]!)} to ${told(rows.at(-1)!)}`;
}

function total(ms: TimeRow['ms']): number {
  return phases.reduce((sum, phase) => sum + (ms[phase] ?? 0), 0);
}

function describe({ ms }: TimeRow): string {
  const parts = phases.filter((phase) => ms[phase] !== undefined);
  const offline = ms[BEFORE] ? `, offline ${(total(ms) - ms[BEFORE]).toFixed(1)} ms` : '';
  return `${total(ms).toFixed(1)} ms (${parts.map((phase) => `${phase} ${ms[phase]!.toFixed(1)}`).join(', ')})${offline}`;
}
