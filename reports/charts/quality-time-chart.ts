import type { ChartConfiguration, Plugin } from 'chart.js';
import type { Chart, Look } from './chart.ts';
import { closedMarkerOf, errorBarSeries } from './error-bar-series.ts';
import { ink, type Colour } from './palette.ts';
import type { Share, ShownMetric } from './quality-chart.ts';
import { roundTicks } from './round-ticks.ts';
import { sideLabels, sideWidth, type SideLabel } from './side-labels.ts';

/** One system with its setting: what it reached, in percent, and the milliseconds that a question takes it, with their interval. */
export interface TimedPoint extends Share {
  /** Nominal ratio; null where it has none. */
  readonly ratio: number | null;
  readonly online: Share;
  /** Milliseconds without compressing the documents; null where the system compresses none. */
  readonly offline: number | null;
}

/** A system family, its points by ratio. */
export interface TimedLine {
  readonly label: string;
  readonly colour: Colour;
  readonly points: readonly TimedPoint[];
  /** Whether its quality is drawn across the chart, as that of text which others are measured by. */
  readonly level?: boolean;
}

/** Room at both ends of the time axis, as a factor. */
const MARGIN = 1.35;

/**
 * A metric against the time of a question on a logarithmic axis. Filled: with the compression of its documents (online). Hollow, where a system compresses: the same without it
 * (offline). Lines join the ratios of a system.
 */
export function qualityTimeChart(
  benchmark: string,
  metric: ShownMetric,
  lines: readonly TimedLine[],
  subtitle: string,
): Chart {
  const points = lines.flatMap(({ points }) => points);
  const times = points.flatMap(({ online, offline }) => [online.value, offline ?? online.value]);
  const range = { min: Math.min(...times) / MARGIN, max: Math.max(...times) * MARGIN };
  const labels = lines.map((line): SideLabel => {
    const rightmost = line.points.reduce((most, point) => (point.online.value > most.online.value ? point : most));
    return { text: line.label, colour: line.colour, x: rightmost.online.value, y: rightmost.value, faint: true };
  });
  return {
    name: `time-${metric.id}-${benchmark.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${benchmark}: ${best(metric, lines)}`,
    subtitle: [
      `${metric.name} against the time of a question`,
      ...(points.some(({ offline }) => offline !== null)
        ? ['filled: with compressing its documents (online), hollow: without (offline)']
        : []),
      subtitle,
    ].join('; '),
    alt: lines.map(describe).join(' '),
    height: 400,
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: [
            ...lines
              .filter(({ level }) => level)
              .map(({ label, colour, points }) =>
                errorBarSeries(
                  {
                    label,
                    colour,
                    data: [range.min, range.max].map((x) => ({ x, y: points[0]!.value })),
                    marker: 'line',
                    radius: 0,
                    width: 1.25,
                    dash: [7, 4],
                  },
                  side,
                ),
              ),
            ...lines.map(({ label, colour, points }) =>
              errorBarSeries(
                {
                  label: `${label}, interval of the time`,
                  colour,
                  data: points.map(({ online, value }) => ({
                    x: online.value,
                    // An interval may reach below nothing, where a logarithmic axis has no place.
                    xMin: Math.max(online.low, range.min),
                    xMax: Math.min(online.high, range.max),
                    y: value,
                  })),
                  marker: 'line',
                  radius: 0,
                  joined: false,
                  faint: true,
                },
                side,
              ),
            ),
            ...lines.map(({ label, colour, points }, at) =>
              errorBarSeries(
                {
                  label: `${label}, offline`,
                  colour,
                  data: points.flatMap(({ offline, value }) => (offline === null ? [] : [{ x: offline, y: value }])),
                  marker: closedMarkerOf(at),
                  radius: 4,
                  joined: false,
                  width: 1.5,
                  hollow: true,
                },
                side,
              ),
            ),
            ...lines.map(({ label, colour, points }, at) =>
              errorBarSeries(
                {
                  label,
                  colour,
                  data: points.map(({ online, value, low, high }) => ({
                    x: online.value,
                    y: value,
                    yMin: low,
                    yMax: high,
                  })),
                  marker: closedMarkerOf(at),
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
              title: { display: true, text: 'milliseconds a question, log scale', color: ink.muted[side] },
              afterBuildTicks: (axis) => {
                axis.ticks = roundTicks(range).map((value) => ({ value }));
              },
              ticks: { autoSkip: false, maxRotation: 0, callback: (value) => Number(value).toLocaleString('en-US') },
            },
            y: {
              beginAtZero: true,
              suggestedMax: Math.max(...points.map(({ high }) => high)),
              title: { display: true, text: `${metric.name}, %`, color: ink.muted[side] },
              ticks: { color: ink.muted[side] },
            },
          },
          plugins: { legend: { display: false } },
        },
        plugins: [offlineTies(lines, side), ratioNames(lines, { side, font }), sideLabels(labels, { side, font })],
      };
      return configuration;
    },
  };
}

/** Ties each point to the same without compression. */
function offlineTies(lines: readonly TimedLine[], side: Look['side']): Plugin {
  return {
    id: 'offline-ties',
    beforeDatasetsDraw({ ctx, scales: { x, y } }) {
      if (!x || !y) return;
      ctx.save();
      ctx.setLineDash([2, 2]);
      for (const { colour, points } of lines) {
        ctx.strokeStyle = colour[side];
        for (const { online, offline, value } of points) {
          if (offline === null) continue;
          ctx.beginPath();
          ctx.moveTo(x.getPixelForValue(offline), y.getPixelForValue(value));
          ctx.lineTo(x.getPixelForValue(online.value), y.getPixelForValue(value));
          ctx.stroke();
        }
      }
      ctx.restore();
    },
  };
}

/** Writes the lowest and the highest ratio beside the ends of each line. */
function ratioNames(lines: readonly TimedLine[], { side, font }: Look): Plugin {
  return {
    id: 'ratio-names',
    afterDatasetsDraw({ ctx, scales: { x, y } }) {
      if (!x || !y) return;
      ctx.save();
      ctx.font = `10px ${font}`;
      ctx.fillStyle = ink.text[side];
      ctx.strokeStyle = ink.surface[side];
      ctx.lineWidth = 3;
      ctx.lineJoin = 'round';
      for (const { points } of lines) {
        for (const { ratio, online, value } of points.length > 1 ? [points[0]!, points.at(-1)!] : []) {
          if (ratio === null) continue;
          const [left, base] = [x.getPixelForValue(online.value) + 6, y.getPixelForValue(value) - 6];
          ctx.strokeText(`${ratio}×`, left, base);
          ctx.fillText(`${ratio}×`, left, base);
        }
      }
      ctx.restore();
    },
  };
}

/** What the highest value takes, of the fastest system where several have it. */
function best({ name }: ShownMetric, lines: readonly TimedLine[]): string {
  const all = lines.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
  const [first] = all.sort((one, other) => other.value - one.value || one.online.value - other.online.value);
  const { label, ratio, value, online } = first!;
  const who = ratio === null ? label : `${label} ${ratio}×`;
  return `highest ${name}, ${value.toFixed(1)}\u00a0%, in ${milliseconds(online.value)} a question (${who})`;
}

function describe({ label, points }: TimedLine): string {
  const told = points.map(({ ratio, value, low, high, online, offline }) => {
    const time = `${milliseconds(online.value)} [${online.low.toPrecision(3)}, ${online.high.toPrecision(3)}]`;
    return [
      ...(ratio === null ? [] : [`${ratio}×`]),
      `${value.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}] in ${time}`,
      ...(offline === null ? [] : [`(offline ${milliseconds(offline)})`]),
    ].join(' ');
  });
  return `${label}: ${told.join('; ')}.`;
}

function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3)).toLocaleString('en-US')}\u00a0ms`;
}
