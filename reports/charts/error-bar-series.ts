import type { ChartDataset, PointStyle } from 'chart.js';
import type {} from 'chartjs-chart-error-bars';
import type { Look } from './chart.ts';
import { ink, type Colour } from './palette.ts';

/** A place of a chart with its interval along one of the axes. */
export interface ErrorBarPoint {
  readonly x: number;
  readonly y: number;
  readonly xMin?: number;
  readonly xMax?: number;
  readonly yMin?: number;
  readonly yMax?: number;
}

/** Points of one colour and marker, joined by a line unless said otherwise. */
export interface ErrorBarSeries {
  readonly label: string;
  readonly colour: Colour;
  readonly data: readonly ErrorBarPoint[];
  readonly marker: PointStyle;
  /** Of the marker in CSS pixels; 0 where the series is a line alone, which has no whiskers either. */
  readonly radius: number;
  readonly joined?: boolean;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** Faint, for what stands behind the figures. */
  readonly faint?: boolean;
  /** Only the marker's outline, for all points or one by one. */
  readonly hollow?: boolean | readonly boolean[];
}

const CLOSED: readonly PointStyle[] = ['circle', 'rect', 'triangle', 'rectRot'];
const MARKERS: readonly PointStyle[] = [...CLOSED, 'star', 'crossRot'];
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [8, 3, 2, 3]];
const WHISKER = 7;
const FAINT = '66';

/** The marker of a chart's series by its place: after a round of all markers they begin one later, so that none meets the colour of the first round again. */
export function markerOf(at: number): PointStyle {
  return MARKERS[(at + Math.floor(at / MARKERS.length)) % MARKERS.length]!;
}

/** As `markerOf`, of those that have an inside, so that a hollow one is told from a filled one. */
export function closedMarkerOf(at: number): PointStyle {
  return CLOSED[(at + Math.floor(at / CLOSED.length)) % CLOSED.length]!;
}

/** The strokes of a chart's line by its place: colour alone must not tell lines without markers apart. */
export function dashOf(at: number): readonly number[] {
  return DASHES[at % DASHES.length]!;
}

/** The series as chart.js and its plugin take it. */
export function errorBarSeries(series: ErrorBarSeries, side: Look['side']): ChartDataset<'scatterWithErrorBars'> {
  const { label, data, marker, radius, joined = true, width = 2, dash = [], hollow = false } = series;
  const colour = `${series.colour[side]}${series.faint ? FAINT : ''}`;
  const fill = (empty: boolean): string => (empty ? ink.surface[side] : colour);
  return {
    label,
    // The plugin's type asks for intervals along both axes; it draws those that are given.
    data: data as ChartDataset<'scatterWithErrorBars'>['data'],
    showLine: joined,
    pointStyle: marker,
    // The plugin's points have a name of their own, so `pointRadius` does not reach them.
    ...({ radius } as object),
    backgroundColor: typeof hollow === 'boolean' ? fill(hollow) : hollow.map(fill),
    borderColor: colour,
    // Markers at the edges of the chart stand whole.
    clip: 8,
    borderWidth: width,
    borderDash: [...dash],
    errorBarColor: colour,
    errorBarWhiskerColor: colour,
    errorBarWhiskerSize: radius > 0 ? WHISKER : 0,
  };
}
