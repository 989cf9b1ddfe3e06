import type { ChartConfiguration } from 'chart.js';
import type { Chart } from './chart.ts';
import { dashOf, errorBarSeries, markerOf } from './error-bar-series.ts';
import { ink, referenceColour, type Colour } from './palette.ts';
import type { Share } from './quality-chart.ts';
import { sideLabels, sideWidth, type SideLabel } from './side-labels.ts';

/** Recall among the first k of a ranking, in percent with its interval. */
export interface RecallPoint extends Share {
  readonly k: number;
}

/** One ranking over k, in rising order. */
export interface RecallLine {
  readonly label: string;
  readonly colour: Colour;
  readonly points: readonly RecallPoint[];
}

/** What no ranking measured: the ceiling and the level of chance, in percent over k. */
export interface RecallReference {
  readonly label: string;
  readonly values: readonly { readonly k: number; readonly value: number }[];
}

/** The axis' length in CSS pixels, near enough to space the points of one k. */
const AXIS_LENGTH = 260;
/** Points of one k stand this many pixels apart at most, and this many in all, so that no interval hides another. */
const APART = { step: 7, all: 42 };

/** Recall over k of every ranking of a benchmark, with the highest that is possible and what chance gives. */
export function recallChart(
  benchmark: string,
  lines: readonly RecallLine[],
  references: readonly RecallReference[],
  subtitle: string,
): Chart {
  const ks = [...new Set(lines.flatMap(({ points }) => points.map(({ k }) => k)))].sort((one, other) => one - other);
  const [least, most] = [ks[0]!, ks.at(-1)!];
  const step = Math.min(APART.step, APART.all / lines.length);
  const margin = (0.6 * APART.all * (most - least)) / (AXIS_LENGTH - 1.2 * APART.all);
  const pixel = (most - least + 2 * margin) / AXIS_LENGTH;
  const place = (at: number, k: number): number => k + (at - (lines.length - 1) / 2) * step * pixel;
  const labels: SideLabel[] = [
    ...lines.map(({ label, colour, points }, at) => {
      const { k, value } = points.at(-1)!;
      return { text: label, colour, x: place(at, k), y: value };
    }),
    ...references.map(({ label, values }) => {
      const { k, value } = values.at(-1)!;
      return { text: label, colour: referenceColour, x: k, y: value };
    }),
  ];
  return {
    name: `recall-${benchmark.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${benchmark}: ${highest(lines, least)}`,
    subtitle: `recall@k, share of the gold passages among the first k; ${subtitle}`,
    alt: [
      ...lines.map(({ label, points }) => `${label}: ${points.map(describe).join(', ')}.`),
      ...references.map(
        ({ label, values }) => `${label}: ${values.map(({ k, value }) => `@${k} ${value.toFixed(1)} %`).join(', ')}.`,
      ),
    ].join(' '),
    height: 380,
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: [
            ...references.map(({ label, values }, at) =>
              errorBarSeries(
                {
                  label,
                  colour: referenceColour,
                  data: values.map(({ k, value }) => ({ x: k, y: value })),
                  marker: 'line',
                  radius: 0,
                  width: 1.75,
                  dash: dashOf(at + 1),
                },
                side,
              ),
            ),
            ...lines.map(({ label, colour, points }, at) =>
              errorBarSeries(
                {
                  label,
                  colour,
                  data: points.map(({ k, value, low, high }) => ({ x: place(at, k), y: value, yMin: low, yMax: high })),
                  marker: markerOf(at),
                  radius: 4,
                },
                side,
              ),
            ),
          ],
        },
        options: {
          scales: {
            x: {
              type: 'linear',
              min: least - margin,
              max: most + margin,
              title: { display: true, text: 'k, passages taken of the ranking', color: ink.muted[side] },
              afterBuildTicks: (axis) => {
                axis.ticks = ks.map((value) => ({ value }));
              },
              ticks: { autoSkip: false, callback: (value) => String(value) },
            },
            y: {
              min: 0,
              // Over the last tick, so that no marker is cut.
              max: 103,
              afterBuildTicks: (axis) => {
                axis.ticks = [0, 20, 40, 60, 80, 100].map((value) => ({ value }));
              },
              title: { display: true, text: 'recall@k, %', color: ink.muted[side] },
              ticks: { color: ink.muted[side] },
            },
          },
          plugins: { legend: { display: false } },
        },
        plugins: [sideLabels(labels, { side, font })],
      };
      return configuration;
    },
  };
}

/** Which ranking has the highest recall at the least k; ties are counted. */
function highest(lines: readonly RecallLine[], k: number): string {
  const firsts = lines.flatMap(({ label, points }) => {
    const point = points.find((point) => point.k === k);
    return point ? [{ label, value: point.value }] : [];
  });
  const value = Math.max(...firsts.map(({ value }) => value));
  const names = firsts.filter((first) => first.value === value).map(({ label }) => label);
  return `recall@${k} is highest, ${value.toFixed(1)}\u00a0%, for ${names.length > 2 ? `${names.length} rankings` : names.join(' and ')}`;
}

function describe({ k, value, low, high }: RecallPoint): string {
  return `@${k} ${value.toFixed(1)} % [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}
