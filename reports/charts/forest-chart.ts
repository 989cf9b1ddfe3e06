import type { ChartConfiguration, Plugin } from 'chart.js';
import type { Chart, Look } from './chart.ts';
import { errorBarSeries } from './error-bar-series.ts';
import { axisRows, rowsHeight, type AxisRow, type Row, type RowGroup } from './grouped-rows.ts';
import { ink, type Colour } from './palette.ts';

/** A paired difference in percentage points with its interval, where there is one. */
export interface ForestRow extends Row {
  readonly colour: Colour;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Questions that both answered. */
  readonly n: number;
  /** After Holm's correction. */
  readonly p: number;
}

/** What a forest plot is of. */
export interface ForestOf {
  readonly benchmark: string;
  /** Tells its file from others of the benchmark. */
  readonly part: string;
  /** What the rows' systems are called, and what they are compared with; undefined where that is not the same in all rows. */
  readonly one?: string;
  readonly other?: string;
}

/** Where a difference counts as shown. */
const LEVEL = 0.05;
/** Room beyond the last ticks, so that no marker is cut. */
const MARGIN = 1.08;
/** CSS pixels at the right: difference, n and p end at these distances from the chart area. */
const COLUMNS = [42, 72, 130] as const;
const RIGHT = 142;
/** The columns leave rows' names so much. */
const LABEL_CHARACTERS = 22;
/** For the words under the axis. */
const SIDES_HEIGHT = 18;

/** Paired differences under each other with their intervals, zero in the middle, n and p at the right. Filled markers: p after Holm under 0.05. */
export function forestChart(of: ForestOf, groups: readonly RowGroup<ForestRow>[], subtitle: string): Chart {
  const rows = axisRows(groups, LABEL_CHARACTERS);
  const all = groups.flatMap(({ rows }) => rows);
  const reach = reachOf(all);
  const headings = rows.map(({ label, row }) => (row ? '' : label.join(' ')));
  return {
    name: `differences-${of.part}-${of.benchmark}`.replace(/[^\p{L}\p{N}_.-]+/gu, '-'),
    title: `${of.benchmark}: ${shown(of, all)}`,
    subtitle: `Paired difference in exact match, percentage points; ${subtitle}; filled: p (Holm) < ${LEVEL}`,
    alt: groups.map(({ heading, rows }) => `${heading}: ${rows.map(describe).join('; ')}.`).join(' '),
    height: rowsHeight(rows) + SIDES_HEIGHT,
    right: RIGHT,
    configuration: ({ side, font }) => {
      const points = rows.flatMap(({ row }, y) => (row ? [{ row, y }] : []));
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: points.map(({ row, y }) =>
            errorBarSeries(
              {
                label: row.label,
                colour: row.colour,
                data: [{ x: row.value, y, xMin: row.low ?? row.value, xMax: row.high ?? row.value }],
                marker: 'circle',
                radius: 4,
                joined: false,
                hollow: row.p >= LEVEL,
              },
              side,
            ),
          ),
        },
        options: {
          scales: {
            y: {
              type: 'linear',
              reverse: true,
              min: -0.6,
              max: rows.length - 0.4,
              grid: { display: false },
              afterBuildTicks: (axis) => {
                axis.ticks = rows.map((_, value) => ({ value }));
              },
              ticks: {
                autoSkip: false,
                crossAlign: 'far',
                // A heading may be longer than the axis is wide.
                callback: (value) => (rows[Number(value)]?.row ? [...rows[Number(value)]!.label] : ''),
              },
            },
            x: {
              type: 'linear',
              min: -reach * MARGIN,
              max: reach * MARGIN,
              afterBuildTicks: (axis) => {
                axis.ticks = [-1, -0.5, 0, 0.5, 1].map((part) => ({ value: part * reach }));
              },
              // The second line is written by a plugin, which sets it at zero.
              title: { display: true, text: ['percentage points', ' '], color: ink.muted[side] },
              ticks: { color: ink.muted[side], maxRotation: 0, autoSkip: false, callback: (value) => signed(Number(value), 0) }, // prettier-ignore
            },
          },
          plugins: { legend: { display: false } },
        },
        plugins: [
          zeroLine(side),
          headingsAcross(headings, { side, font }),
          sides(of, { side, font }),
          columns(rows, { side, font }),
        ],
      };
      return configuration;
    },
  };
}

/** Half of the symmetric axis: the farthest end of an interval, up to the next tick. */
function reachOf(rows: readonly ForestRow[]): number {
  const farthest = Math.max(1, ...rows.flatMap(({ value, low, high }) => [value, low ?? 0, high ?? 0].map(Math.abs)));
  const step = farthest > 40 ? 20 : farthest > 8 ? 4 : 2;
  return Math.min(100, Math.ceil(farthest / step) * step);
}

function zeroLine(side: Look['side']): Plugin {
  return {
    id: 'zero-line',
    beforeDatasetsDraw({ ctx, chartArea: { top, bottom }, scales: { x } }) {
      if (!x) return;
      ctx.save();
      ctx.strokeStyle = ink.muted[side];
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      ctx.moveTo(x.getPixelForValue(0), top);
      ctx.lineTo(x.getPixelForValue(0), bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}

/** Headings from the left edge over the chart, on the background, so that the grid does not cross them. */
function headingsAcross(headings: readonly string[], { side, font }: Look): Plugin {
  return {
    id: 'headings',
    beforeDatasetsDraw({ ctx, scales: { y } }) {
      if (!y) return;
      ctx.save();
      ctx.font = `bold 12px ${font}`;
      ctx.textBaseline = 'middle';
      headings.forEach((text, place) => {
        if (text === '') return;
        const middle = y.getPixelForValue(place);
        ctx.fillStyle = ink.surface[side];
        ctx.fillRect(y.left, middle - 8, ctx.measureText(text).width + 6, 16);
        ctx.fillStyle = ink.text[side];
        ctx.fillText(text, y.left + 2, middle);
      });
      ctx.restore();
    },
  };
}

/** Says under the axis whom each side of zero favours. */
function sides({ one, other }: ForestOf, { side, font }: Look): Plugin {
  return {
    id: 'sides',
    afterDraw({ ctx, scales: { x } }) {
      if (!x) return;
      const [zero, y] = [x.getPixelForValue(0), x.bottom - 9];
      ctx.save();
      ctx.font = `11px ${font}`;
      ctx.fillStyle = ink.text[side];
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      ctx.fillText(`← favours ${other ?? 'the other'}`, zero - 6, y);
      ctx.textAlign = 'left';
      ctx.fillText(`favours ${one ?? 'the system'} →`, zero + 6, y);
      ctx.restore();
    },
  };
}

/** Difference, n and p of each row at the right, with their names beside the first heading. */
function columns(rows: readonly AxisRow<ForestRow>[], { side, font }: Look): Plugin {
  return {
    id: 'columns',
    afterDatasetsDraw({ ctx, chartArea: { right }, scales: { y } }) {
      if (!y) return;
      ctx.save();
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      const write = (texts: readonly string[], place: number): void => {
        texts.forEach((text, at) => ctx.fillText(text, right + COLUMNS[at]!, y.getPixelForValue(place)));
      };
      ctx.font = `11px ${font}`;
      ctx.fillStyle = ink.muted[side];
      write(['points', 'n', 'p (Holm)'], 0);
      ctx.fillStyle = ink.text[side];
      rows.forEach(({ row }, place) => {
        if (row) write([signed(row.value, 1), String(row.n), probability(row.p)], place);
      });
      ctx.restore();
    },
  };
}

/** How many of the rows differ from what they are compared with. */
function shown({ one, other }: ForestOf, rows: readonly ForestRow[]): string {
  const differing = rows.filter(({ p }) => p < LEVEL);
  const worse = differing.filter(({ value }) => value < 0).length;
  const who = one === undefined ? `of ${rows.length} systems` : `${one}, of ${rows.length} differences`;
  return `${who} ${differing.length - worse} better than ${other ?? 'the other'}, ${worse} worse`;
}

function describe(row: ForestRow): string {
  const { label, value, low, high, n, p } = row;
  const interval = low === null || high === null ? '' : ` [${signed(low, 1)}, ${signed(high, 1)}]`;
  return `${label} ${signed(value, 1)}${interval}, n ${n}, p ${probability(p)}`;
}

function probability(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}
