import type { ChartConfiguration } from 'chart.js';
import type { Chart } from './chart.ts';
import { closedMarkerOf, errorBarSeries } from './error-bar-series.ts';
import { ink, referenceColour, type Colour } from './palette.ts';
import type { Share } from './quality-chart.ts';
import { sideLabels, sideWidth, type SideLabel } from './side-labels.ts';

/** The questions whose documents are about equally long: a mean over them with its interval. */
export interface LengthPoint extends Share {
  /** Mean tokens of a question's documents. */
  readonly tokens: number;
  readonly n: number;
  /** Whether documents of any of them were cut off. */
  readonly cut: boolean;
}

/** One setting, shortest documents first. */
export interface LengthLine {
  readonly label: string;
  readonly colour: Colour;
  readonly nominal: number | null;
  readonly points: readonly LengthPoint[];
}

/** What a chart by length shows: the measured ratio, on a logarithmic axis with the nominal ratios, or a share in percent. */
export interface LengthOf {
  readonly benchmark: string;
  /** The documents setting that all lines have. */
  readonly documents: string;
  readonly measure: { readonly id: string; readonly name: string; readonly unit: '×' | '%' };
}

/** The axis' length in CSS pixels, near enough to space the points of one bin. */
const AXIS_LENGTH = 260;
/** Points of one bin stand this many pixels apart at most, and this many in all, so that no interval hides another. */
const APART = { step: 4, all: 24 };

/** A mean of a question by the length of its documents. Hollow: documents were cut off. */
export function lengthChart(
  { benchmark, documents, measure }: LengthOf,
  lines: readonly LengthLine[],
  subtitle: string,
): Chart {
  const isRatio = measure.unit === '×';
  const points = lines.flatMap(({ points }) => points);
  const nominal = [...new Set(lines.flatMap(({ nominal }) => nominal ?? []))].sort((one, other) => one - other);
  const lengths = points.map(({ tokens }) => tokens);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const range = { min: least - 0.06 * (most - least), max: most + 0.06 * (most - least) };
  // Of ratios, which lie on each other where they are the same, that is what is to be seen.
  const step = isRatio ? 0 : Math.min(APART.step, APART.all / lines.length) * ((range.max - range.min) / AXIS_LENGTH);
  const place = (tokens: number, at: number): number => tokens + (at - (lines.length - 1) / 2) * step;
  const labels = lines.map(({ label, colour, points }, at): SideLabel => {
    const { tokens, value } = points.at(-1)!;
    return { text: label, colour, x: place(tokens, at), y: value, faint: true };
  });
  const values = [...points.flatMap(({ low, high }) => [low, high]), ...nominal];
  return {
    name: `length-${measure.id}-${benchmark}-${documents}`.replace(/[^\p{L}\p{N}_.-]+/gu, '-'),
    title: `${benchmark}, documents ${documents}: ${isRatio ? measured(lines) : falling(measure.name, lines)}`,
    subtitle: [
      `${measure.name} by the length of a question’s documents`,
      ...(isRatio ? ['dashed: nominal ratios'] : []),
      ...(points.some(({ cut }) => cut) ? ['hollow: with documents that were cut off'] : []),
      subtitle,
    ].join('; '),
    alt: lines.map((line) => describe(line, measure.unit)).join(' '),
    height: 360,
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatterWithErrorBars'> = {
        type: 'scatterWithErrorBars',
        data: {
          datasets: [
            ...(isRatio ? nominal : []).map((ratio) =>
              errorBarSeries(
                {
                  label: `nominal ${ratio}×`,
                  colour: referenceColour,
                  data: [range.min, range.max].map((x) => ({ x, y: ratio })),
                  marker: 'line',
                  radius: 0,
                  width: 1.25,
                  dash: [7, 4],
                },
                side,
              ),
            ),
            ...lines.map(({ label, colour, points }, at) =>
              errorBarSeries(
                {
                  label,
                  colour,
                  data: points.map(({ tokens, value, low, high }) => ({
                    x: place(tokens, at),
                    y: value,
                    yMin: low,
                    yMax: high,
                  })),
                  marker: closedMarkerOf(at),
                  radius: 4,
                  hollow: points.map(({ cut }) => cut),
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
              ...range,
              title: { display: true, text: 'tokens of a question’s documents, mean of a bin', color: ink.muted[side] },
              ticks: { color: ink.muted[side], maxRotation: 0, includeBounds: false },
            },
            y: {
              ...(isRatio
                ? {
                    type: 'logarithmic',
                    min: Math.min(...values) / 1.2,
                    max: Math.max(...values) * 1.2,
                    // chart.js labels only round numbers of a logarithmic axis; nominal ratios are what a reader looks for.
                    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
                      axis.ticks = nominal.map((value) => ({ value }));
                    },
                    ticks: { autoSkip: false, callback: (value: number | string) => `${Number(value)}×` },
                  }
                : { min: 0, max: 100, ticks: { color: ink.muted[side] } }),
              title: {
                display: true,
                text: isRatio ? `${measure.name}, log scale` : `${measure.name}, %`,
                color: ink.muted[side],
              },
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

/** What the highest nominal ratio measures. */
function measured(lines: readonly LengthLine[]): string {
  const highest = lines.reduce((most, line) => ((line.nominal ?? 0) > (most.nominal ?? 0) ? line : most));
  const values = highest.points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => `${value.toPrecision(3)}×`);
  return `nominal ${highest.nominal}× measures ${low === high ? low : `${low} to ${high}`}`;
}

/** Of how many lines the value is lower for the longest documents than for the shortest. */
function falling(name: string, lines: readonly LengthLine[]): string {
  const count = lines.filter(({ points }) => points.at(-1)!.value < points[0]!.value).length;
  return `${name} is lower for the longest documents than for the shortest in ${count} of ${lines.length}`;
}

function describe({ label, points }: LengthLine, unit: LengthOf['measure']['unit']): string {
  const digits = unit === '×' ? 2 : 1;
  const space = unit === '×' ? '' : '\u00a0';
  const told = points.map(
    ({ tokens, value, low, high, n, cut }) =>
      `${tokens.toFixed(0)} tokens ${value.toFixed(digits)}${space}${unit} [${low.toFixed(digits)}, ${high.toFixed(digits)}] (n ${n}${cut ? ', some cut off' : ''})`,
  );
  return `${label}: ${told.join(', ')}.`;
}
