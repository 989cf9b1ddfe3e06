import type { ChartConfiguration, ChartDataset, PointStyle } from 'chart.js';
import type {} from 'chartjs-chart-error-bars';
import { ink, referenceColour, type Colour } from './palette.ts';
import type { Chart } from './render-chart.ts';

/** A measured value in percent with its interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One setting of a system family: its measured compression ratio and what it reached. */
export interface QualityPoint {
  readonly ratio: number;
  readonly exactMatch: Share;
  readonly f1: Share;
}

/** A line of the chart: one system family over its ratios. */
export interface QualityLine {
  readonly label: string;
  readonly colour: Colour;
  readonly points: readonly QualityPoint[];
}

/** A system that reads no documents has no ratio: it is drawn as a level across the chart. */
export interface QualityLevel {
  readonly label: string;
  readonly exactMatch: number;
  readonly f1: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

type ErrorBarDataset = ChartDataset<'scatterWithErrorBars'>;

/** The axis' length in CSS pixels, near enough to space the points of one ratio. */
const AXIS_LENGTH = 390;
/** Points of one ratio stand this many pixels apart at most, and this many in all, so that no interval hides another. */
const APART = { step: 8, all: 48 };
const MARKERS: readonly PointStyle[] = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];
const DASHED = [5, 4];
/** Ratios nearer to each other than this factor share a tick: their labels would overlap. */
const TICK_DISTANCE = 1.22;

/**
 * Exact match (solid lines, filled markers) and F1 (dashed, hollow) of one benchmark against the measured compression ratio, on a logarithmic axis
 * with ticks at the ratios that were measured. Points of one ratio are drawn side by side.
 */
export function qualityChart(
  benchmark: string,
  lines: readonly QualityLine[],
  levels: readonly QualityLevel[],
  subtitle: string,
): Chart {
  const ratios = [...new Set(lines.flatMap(({ points }) => points.map(({ ratio }) => ratio)))].sort((a, b) => a - b);
  const range = { min: ratios[0]! / 1.3, max: ratios.at(-1)! * 1.3 };
  const place = sideBySide(lines, range);
  return {
    name: `quality-${benchmark.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${benchmark}: quality against compression`,
    subtitle: `${subtitle}; solid and filled: exact match, dashed and hollow: F1`,
    alt: [...lines.map(describeLine), ...levels.map(describeLevel)].join(' '),
    height: 360 + 20 * Math.ceil((lines.length + levels.length) / 2),
    configuration: () => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: [
            ...lines.flatMap((line, at) => [
              dataset(line, MARKERS[at % MARKERS.length], 'exactMatch', (ratio) => place(line, ratio, 0)),
              dataset(line, MARKERS[at % MARKERS.length], 'f1', (ratio) => place(line, ratio, 1)),
            ]),
            ...levels.flatMap((level) => [levelDataset(level, 'exactMatch', range), levelDataset(level, 'f1', range)]),
          ],
        },
        options: {
          scales: {
            x: {
              type: 'logarithmic',
              ...range,
              title: { display: true, text: 'measured compression ratio, log scale', color: ink.muted.light },
              // chart.js labels only round numbers of a logarithmic axis; the ratios that were measured are what a reader looks for.
              afterBuildTicks: (axis) => {
                axis.ticks = spaced(ratios).map((value) => ({ value }));
              },
              ticks: { autoSkip: false, maxRotation: 0, callback: (value) => formatRatio(Number(value)) },
            },
            y: {
              beginAtZero: true,
              title: { display: true, text: 'exact match and F1, %', color: ink.muted.light },
              ticks: { color: ink.muted.light },
            },
          },
          plugins: {
            legend: {
              position: 'bottom',
              align: 'start',
              labels: {
                usePointStyle: true,
                pointStyleWidth: 14,
                boxHeight: 7,
                // Exact match and F1 of a line stand one after the other: one entry for both.
                filter: ({ datasetIndex = 0 }) => datasetIndex % 2 === 0,
              },
            },
          },
        },
      };
      return configuration;
    },
  };
}

/**
 * Where a point is drawn: beside the other points of about its ratio, exact match and F1 of a line next to each other.
 * Gives back a ratio, moved by some pixels' worth.
 */
function sideBySide(lines: readonly QualityLine[], { min, max }: Range) {
  return (line: QualityLine, ratio: number, second: 0 | 1): number => {
    const here = lines.filter(({ points }) => points.some((point) => near(point.ratio, ratio)));
    const step = Math.min(APART.step, APART.all / (2 * here.length));
    const pixels = (2 * here.indexOf(line) + second - (2 * here.length - 1) / 2) * step;
    return ratio * (max / min) ** (pixels / AXIS_LENGTH);
  };
}

function near(one: number, other: number): boolean {
  return Math.max(one / other, other / one) < TICK_DISTANCE;
}

function dataset(
  { label, colour, points }: QualityLine,
  pointStyle: PointStyle,
  metric: 'exactMatch' | 'f1',
  place: (ratio: number) => number,
): ErrorBarDataset {
  return {
    label,
    data: points.map(({ ratio, [metric]: { value, low, high } }) => vertical(place(ratio), value, low, high)),
    showLine: true,
    pointStyle,
    ...point(4.5),
    backgroundColor: metric === 'f1' ? ink.surface.light : colour.light,
    borderColor: colour.light,
    borderWidth: 2,
    borderDash: metric === 'f1' ? DASHED : [],
    errorBarColor: colour.light,
    errorBarWhiskerColor: colour.light,
    errorBarWhiskerSize: 7,
  };
}

function levelDataset(level: QualityLevel, metric: 'exactMatch' | 'f1', { min, max }: Range): ErrorBarDataset {
  const y = level[metric];
  return {
    label: level.label,
    data: [vertical(min, y, y, y), vertical(max, y, y, y)],
    showLine: true,
    pointStyle: 'line',
    ...point(0),
    borderColor: referenceColour.light,
    borderWidth: 1.5,
    borderDash: metric === 'f1' ? DASHED : [],
    errorBarColor: referenceColour.light,
    errorBarWhiskerColor: referenceColour.light,
    errorBarWhiskerSize: 0,
  };
}

/** The radius of points with error bars: their element has a name of its own, so `pointRadius` does not reach it. */
function point(radius: number): object {
  return { radius };
}

/** A point with a vertical interval. The plugin's type asks for a horizontal one too, which it does not draw where it is not given. */
function vertical(x: number, y: number, yMin: number, yMax: number): ErrorBarDataset['data'][number] {
  return { x, y, yMin, yMax } as ErrorBarDataset['data'][number];
}

/** The ratios with those left out that stand too near to the one before. */
function spaced(ratios: readonly number[]): number[] {
  return ratios.reduce<number[]>((kept, ratio) => {
    const last = kept.at(-1);
    return last !== undefined && near(ratio, last) ? kept : [...kept, ratio];
  }, []);
}

/** A ratio as `1×`, `3.9×` or `16×`: two digits, which is what a sample of questions supports. */
function formatRatio(ratio: number): string {
  return `${Number(ratio.toPrecision(2))}×`;
}

function describeLine({ label, points }: QualityLine): string {
  const told = points.map(
    ({ ratio, exactMatch, f1 }) => `at ${formatRatio(ratio)} ${exactMatch.value.toFixed(1)} and ${f1.value.toFixed(1)}`,
  );
  return `${label}: exact match and F1 in % ${told.join(', ')}.`;
}

function describeLevel({ label, exactMatch, f1 }: QualityLevel): string {
  return `${label}: exact match ${exactMatch.toFixed(1)} %, F1 ${f1.toFixed(1)} %, no ratio.`;
}
