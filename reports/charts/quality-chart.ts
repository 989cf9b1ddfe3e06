import type { ChartConfiguration, Plugin } from 'chart.js';
import { ink, type Colour } from './palette.ts';
import type { Chart, Look } from './chart.ts';
import { dashOf, errorBarSeries, markerOf } from './error-bar-series.ts';
import { sideLabels, sideWidth, type SideLabel } from './side-labels.ts';

/** A measured value with its interval, in percent unless the metric has another unit. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One setting of a system family: its compression ratios, measured and nominal, and what it reached. */
export interface QualityPoint extends Share {
  readonly ratio: number;
  readonly nominal: number;
}

/** A line of the chart: one system family over its ratios. */
export interface QualityLine {
  readonly label: string;
  readonly colour: Colour;
  readonly points: readonly QualityPoint[];
}

/** A system without a ratio (it reads the text as it is, or no documents): a level across the chart, with its interval as a band. */
export interface QualityLevel extends Share {
  readonly label: string;
  readonly colour: Colour;
}

/** What a chart shows: its name in the name of its file, and in titles; what stands behind its values, `%` by default. */
export interface ShownMetric {
  readonly id: string;
  readonly name: string;
  readonly unit?: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The axis' length in CSS pixels, near enough to space the points of one ratio. */
const AXIS_LENGTH = 270;
/** Points of one ratio stand this many pixels apart at most, and this many in all, so that no interval hides another. */
const APART = { step: 9, all: 40 };
const BAND_ALPHA = 0.1;
/** Ratios nearer to each other than this factor are drawn side by side, and share a tick. */
const NEAR = 1.22;
/** CSS pixels between two ticks, so that their labels do not overlap. */
const TICK_DISTANCE = 40;

/**
 * A metric of one benchmark against the measured compression ratio, on a logarithmic axis with ticks at the ratios that were measured and the nominal ones under them.
 * Points of one ratio are drawn side by side; systems without a ratio are levels with bands.
 */
export function qualityChart(
  benchmark: string,
  metric: ShownMetric,
  lines: readonly QualityLine[],
  levels: readonly QualityLevel[],
  subtitle: string,
): Chart {
  const points = lines.flatMap(({ points }) => points).sort((one, other) => one.ratio - other.ratio);
  const range = { min: points[0]!.ratio / 1.35, max: points.at(-1)!.ratio * 1.35 };
  const place = sideBySide(lines, range);
  const labels: SideLabel[] = [
    ...lines.map((line) => {
      const { ratio, value } = line.points.at(-1)!;
      return { text: line.label, colour: line.colour, x: place(line, ratio), y: value };
    }),
    ...levels.map(({ label, colour, value }) => ({ text: label, colour, x: range.max, y: value })),
  ];
  return {
    name: `quality-${metric.id}-${benchmark.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${benchmark}: ${trend(metric, lines)}`,
    subtitle: `${metric.name} against the measured compression ratio; ${subtitle}`,
    alt: [
      ...lines.map((line) => describeLine(line, metric)),
      ...levels.map((level) => describeLevel(level, metric)),
    ].join(' '),
    height: 380,
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: [
            ...levels.map(({ label, colour, value }, at) =>
              errorBarSeries(
                {
                  label,
                  colour,
                  data: [range.min, range.max].map((x) => ({ x, y: value })),
                  marker: 'line',
                  radius: 0,
                  width: 1.75,
                  dash: dashOf(at),
                },
                side,
              ),
            ),
            ...lines.map((line, at) =>
              errorBarSeries(
                {
                  label: line.label,
                  colour: line.colour,
                  data: line.points.map(({ ratio, value, low, high }) => ({
                    x: place(line, ratio),
                    y: value,
                    yMin: low,
                    yMax: high,
                  })),
                  marker: markerOf(at),
                  radius: 4.5,
                },
                side,
              ),
            ),
          ],
        },
        options: {
          scales: {
            x: {
              type: 'logarithmic',
              ...range,
              title: {
                display: true,
                text: 'compression ratio, measured (nominal), log scale',
                color: ink.muted[side],
              },
              // chart.js labels only round numbers of a logarithmic axis; the ratios that were measured are what a reader looks for.
              afterBuildTicks: (axis) => {
                axis.ticks = spaced(
                  points.map(({ ratio }) => ratio),
                  range,
                ).map((value) => ({ value }));
              },
              ticks: {
                autoSkip: false,
                maxRotation: 0,
                callback: (value) => [formatRatio(Number(value)), `(${nominalText(points, Number(value))})`],
              },
            },
            y: {
              beginAtZero: true,
              suggestedMax: Math.max(...[...points, ...levels].map(({ high }) => high)),
              title: { display: true, text: `${metric.name}, ${metric.unit ?? '%'}`, color: ink.muted[side] },
              ticks: { color: ink.muted[side] },
            },
          },
          plugins: { legend: { display: false } },
        },
        plugins: [bands(levels, side), sideLabels(labels, { side, font })],
      };
      return configuration;
    },
  };
}

/** How the metric changes from each line's lowest ratio to its highest. */
function trend(metric: ShownMetric, lines: readonly QualityLine[]): string {
  const long = lines.filter(({ points }) => points.length > 1);
  const [only, ...more] = long;
  if (!only) return `${metric.name} against compression`;
  if (more.length === 0) {
    const told = [only.points[0]!, only.points.at(-1)!].map(
      ({ value, ratio }) => `${amount(value, metric)} at ${formatRatio(ratio)}`,
    );
    return `${only.label} has ${metric.name} ${told.join(', ')}`;
  }
  const falling = long.filter(({ points }) => points.at(-1)!.value < points[0]!.value).length;
  const all = falling === long.length ? `all ${long.length}` : `${falling === 0 ? 'none' : falling} of ${long.length}`;
  return `${metric.name} falls with the ratio for ${all} systems`;
}

/** Where a point is drawn: beside the other points of about its ratio. Gives back a ratio, moved by some pixels' worth. */
function sideBySide(lines: readonly QualityLine[], { min, max }: Range) {
  return (line: QualityLine, ratio: number): number => {
    const here = lines.filter(({ points }) => points.some((point) => near(point.ratio, ratio)));
    const step = Math.min(APART.step, APART.all / here.length);
    const pixels = (here.indexOf(line) - (here.length - 1) / 2) * step;
    return ratio * (max / min) ** (pixels / AXIS_LENGTH);
  };
}

function near(one: number, other: number): boolean {
  return Math.max(one / other, other / one) < NEAR;
}

/** The intervals of levels, as wide as the chart, under everything. */
function bands(levels: readonly QualityLevel[], side: Look['side']): Plugin {
  return {
    id: 'bands',
    beforeDatasetsDraw({ ctx, chartArea: { left, right }, scales: { y } }) {
      if (!y) return;
      ctx.save();
      ctx.globalAlpha = BAND_ALPHA;
      for (const { colour, low, high } of levels) {
        const [top, bottom] = [y.getPixelForValue(high), y.getPixelForValue(low)];
        ctx.fillStyle = colour[side];
        ctx.fillRect(left, top, right - left, bottom - top);
      }
      ctx.restore();
    },
  };
}

/** The ratios with those left out that stand too near to the one before. */
function spaced(ratios: readonly number[], { min, max }: Range): number[] {
  const factor = Math.max(NEAR, (max / min) ** (TICK_DISTANCE / AXIS_LENGTH));
  return ratios.reduce<number[]>((kept, ratio) => {
    const last = kept.at(-1);
    return last !== undefined && ratio / last < factor ? kept : [...kept, ratio];
  }, []);
}

/** The nominal ratios of the points that share a tick. */
function nominalText(points: readonly QualityPoint[], tick: number): string {
  const nominal = points.filter(({ ratio }) => near(ratio, tick)).map(({ nominal }) => nominal);
  return [...new Set(nominal)].map((ratio) => `${ratio}×`).join(', ');
}

/** A ratio as `1×`, `3.9×` or `16×`: two digits, which is what a sample of questions supports. */
function formatRatio(ratio: number): string {
  return `${Number(ratio.toPrecision(2))}×`;
}

function describeLine({ label, points }: QualityLine, metric: ShownMetric): string {
  const told = points.map(
    ({ ratio, nominal, ...share }) => `at ${formatRatio(ratio)} (nominal ${nominal}×) ${describe(share, metric)}`,
  );
  return `${label}: ${told.join(', ')}.`;
}

function describeLevel({ label, ...share }: QualityLevel, metric: ShownMetric): string {
  return `${label}: ${describe(share, metric)}, no nominal ratio.`;
}

function describe({ value, low, high }: Share, { unit = '%' }: ShownMetric): string {
  const digits = digitsOf(unit);
  return `${value.toFixed(digits)} ${unit} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

function amount(value: number, { unit = '%' }: ShownMetric): string {
  return `${value.toFixed(digitsOf(unit))}\u00a0${unit}`;
}

/** Other units than percent are of small numbers. */
function digitsOf(unit: string): number {
  return unit === '%' ? 1 : 2;
}
