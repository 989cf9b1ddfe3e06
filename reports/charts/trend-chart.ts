import type { ChartConfiguration } from 'chart.js';
import type { Chart } from './chart.ts';
import { errorBarSeries, markerOf } from './error-bar-series.ts';
import { ink, seriesColours } from './palette.ts';
import type { Share } from './quality-chart.ts';
import { sideLabels, sideWidth } from './side-labels.ts';

/** A share in percent with its interval at a time, milliseconds since 1970. */
export interface TimedShare extends Share {
  readonly at: number;
}

/** A system over time, oldest first. */
export interface TimeLine {
  readonly label: string;
  readonly points: readonly TimedShare[];
}

const DAY = 86_400_000;
/** CSS pixels of the least chart, and of each label at its side. */
const HEIGHT = { least: 340, label: 14, rest: 130 };
const TICKS = 5;

/** A metric of the systems of a suite by the dates of their runs (UTC). */
export function trendChart(
  name: string,
  title: string,
  metric: string,
  lines: readonly TimeLine[],
  subtitle: string,
): Chart {
  const times = lines.flatMap(({ points }) => points.map(({ at }) => at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max(0.04 * (last - first), 60_000);
  const labels = lines.map(({ label, points }, at) => {
    const { at: x, value: y } = points.at(-1)!;
    return { text: label, colour: colourOf(at), x, y };
  });
  return {
    name,
    title,
    subtitle: `${metric} by the date of the run (UTC); ${subtitle}`,
    alt: lines.map((line) => describe(line)).join(' '),
    height: Math.max(HEIGHT.least, HEIGHT.rest + HEIGHT.label * lines.length),
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: lines.map(({ label, points }, at) =>
            errorBarSeries(
              {
                label,
                colour: colourOf(at),
                data: points.map(({ at, value, low, high }) => ({ x: at, y: value, yMin: low, yMax: high })),
                marker: markerOf(at),
                radius: 4,
              },
              side,
            ),
          ),
        },
        options: {
          scales: {
            x: {
              type: 'linear',
              min: first - margin,
              max: last + margin,
              afterBuildTicks: (axis) => {
                axis.ticks = ticks(first, last).map((value) => ({ value }));
              },
              ticks: {
                color: ink.muted[side],
                autoSkip: false,
                maxRotation: 0,
                callback: (value) => told(Number(value), last - first),
              },
            },
            y: {
              beginAtZero: true,
              title: { display: true, text: `${metric}, %`, color: ink.muted[side] },
              ticks: { color: ink.muted[side] },
            },
          },
          plugins: {
            legend: { display: false },
            tooltip: { callbacks: { title: (items) => items.map(({ parsed }) => told(parsed.x ?? NaN, 0)) } },
          },
        },
        plugins: [sideLabels(labels, { side, font })],
      };
      return configuration;
    },
  };
}

function colourOf(at: number): (typeof seriesColours)[number] {
  return seriesColours[at % seriesColours.length]!;
}

/** At most so many times from the first to the last; whole days where the span has several. */
function ticks(first: number, last: number): number[] {
  const span = last - first;
  if (span < 2 * DAY) return span === 0 ? [first] : [first, last];
  const step = Math.ceil(span / DAY / (TICKS - 1)) * DAY;
  const start = Math.ceil(first / DAY) * DAY;
  return Array.from({ length: TICKS }, (_, at) => start + at * step).filter((at) => at <= last);
}

/** A time as its day, or with its minute where all times lie within two days. */
function told(time: number, span: number): string {
  const text = new Date(time).toISOString();
  return span < 2 * DAY ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(0, 10);
}

function describe({ label, points }: TimeLine): string {
  const values = points.map(({ at, value, low, high }) => `${new Date(at).toISOString().slice(0, 10)} ${value.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}]`); // prettier-ignore
  return `${label}: ${values.join(', ')}.`;
}
